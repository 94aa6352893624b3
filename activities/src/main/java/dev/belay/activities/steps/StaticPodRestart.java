package dev.belay.activities.steps;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.Host;
import dev.belay.activities.kube.ApiServerHealth;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.steps.StaticPodProcesses.Running;
import dev.belay.activities.steps.StaticPods.StaticPod;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Restarts the static pods of one control plane that run since before a file they were given was written: certificates, keys, kubeconfigs,
 * as the flags of their manifests name them. What is fresh is left alone, so that whoever repeats it restarts nothing twice. One after the
 * other, etcd first; never when etcd would lose its quorum.
 */
public final class StaticPodRestart {

    /** The order in which they depend on each other. */
    public static final List<String> ORDER =
            List.of("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler");

    private static final String ETCD = "etcd";
    private static final String API_SERVER = "kube-apiserver";
    private static final Duration READY = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final StepContext context;
    private final Host host;
    private final StaticPodShelf shelf;
    private final boolean outage;

    /** @param outage etcd may be without its quorum, as when its certificates have all expired */
    public StaticPodRestart(StepContext context, Host host, boolean outage) {
        this.context = context;
        this.host = host;
        this.shelf = new StaticPodShelf(context, host);
        this.outage = outage;
    }

    /** Components of a node that run since before a file of theirs was written, in order. */
    public static List<String> stale(Host host) {
        Map<String, StaticPod> pods = StaticPods.of(host).byComponent();
        StaticPodProcesses processes = StaticPodProcesses.of(host);
        List<String> stale = new ArrayList<>();
        for (String component : ORDER) {
            StaticPod pod = pods.get(component);
            Optional<Running> running = processes.running(component);
            if (pod != null
                    && running.isPresent()
                    && written(host, pod)
                            .filter(running.get().since()::isBefore)
                            .isPresent()) {
                stale.add(component);
            }
        }
        return stale;
    }

    /** Restarts what is stale and finishes what an earlier attempt began; returns the new container of each. */
    public Map<String, String> run() {
        Map<String, String> containers = new TreeMap<>();
        List<String> stale = stale(host);
        for (String component : ORDER) {
            context.heartbeat().run();
            boolean shelved = shelf.holds(component);
            if (shelved || stale.contains(component)) {
                containers.put(component, restart(component, shelved));
            } else if (StaticPods.of(host).pod(component).isPresent()) {
                awaitReady(component, shelf.awaitStarted(component, Set.of()));
            }
        }
        return containers;
    }

    private String restart(String component, boolean shelved) {
        Set<String> before = new TreeSet<>();
        if (!shelved) {
            if (component.equals(ETCD)) {
                requireQuorum();
            }
            StaticPodProcesses.of(host).running(component).ifPresent(running -> before.add(running.container()));
            shelf.takeOut(component);
        }
        try {
            shelf.awaitGone(List.of(component));
        } finally {
            shelf.putBack(component);
        }
        Running fresh = shelf.awaitStarted(component, before);
        awaitReady(component, fresh);
        return fresh.container();
    }

    private void awaitReady(String component, Running running) {
        new Await(
                        context,
                        READY,
                        PAUSE,
                        "STATIC_POD_NOT_READY",
                        "look at the log of " + component + " in /var/log/pods on " + host.node()
                                + ", repair it, then retry")
                .until(() -> missing(component, running));
    }

    private List<String> missing(String component, Running running) {
        return switch (component) {
            case ETCD -> etcdMissing();
            case API_SERVER -> apiServerMissing();
            default -> podMissing(component, running);
        };
    }

    private List<String> etcdMissing() {
        Optional<EtcdMember> own = context.etcd().members().stream()
                .filter(member -> member.name().equals(host.node().value()))
                .findFirst();
        if (own.isEmpty()) {
            return List.of("etcd has no member " + host.node());
        }
        MemberStatus status = context.etcd().status(own.get());
        return status.leaderId().equals("0") ? List.of("etcd member " + host.node() + " sees no leader") : List.of();
    }

    private List<String> apiServerMissing() {
        ApiServerHealth health = context.kube().apiServer(host.node());
        return health.ready()
                ? List.of()
                : List.of("the API server of " + host.node() + " is not ready: " + health.detail());
    }

    /** Start times are of the host's clock, to the second; the API may still show the container before. */
    private List<String> podMissing(String component, Running running) {
        Instant earliest = running.since().minusSeconds(5);
        boolean ready = context.kube().podsOn(host.node()).stream()
                .filter(pod -> pod.mirror()
                        && component.equals(pod.labels().getOrDefault("component", pod.name()))
                        && pod.ready()
                        && !pod.containerStarts().isEmpty())
                .map(KubePod::containerStarts)
                .anyMatch(starts ->
                        starts.stream().noneMatch(start -> Instant.parse(start).isBefore(earliest)));
        return ready ? List.of() : List.of(component + " of " + host.node() + " is not ready with its new container");
    }

    /** The members but this one must be a quorum; a cluster of one member has none to lose but itself. */
    private void requireQuorum() {
        if (outage) {
            return;
        }
        List<NodeName> controlPlanes = ControlPlanes.of(context);
        Map<String, String> silent = new TreeMap<>();
        int others = 0;
        List<EtcdMember> members = context.etcd().members();
        for (EtcdMember member : members) {
            if (!member.name().equals(host.node().value())) {
                others += answers(member, silent) ? 1 : 0;
            }
        }
        int quorum = members.size() / 2 + 1;
        if (members.size() > 1 && others < quorum) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "ETCD_QUORUM",
                    "etcd would lose its quorum without the member of " + host.node() + ": " + others
                            + " of the others answer, "
                            + quorum + " of " + members.size() + " must"
                            + (silent.isEmpty() ? "" : " (" + Await.named(List.copyOf(silent.values())) + ")"),
                    "heal the members of " + controlPlanes
                            + " first; when all their certificates have expired, allow the outage (`outage: true`)");
        }
    }

    private boolean answers(EtcdMember member, Map<String, String> silent) {
        try {
            MemberStatus status = context.etcd().status(member);
            if (!member.learner()
                    && !status.leaderId().equals("0")
                    && status.errors().isEmpty()) {
                return true;
            }
            silent.put(member.name(), member.name() + " has no leader or errors: " + status.errors());
        } catch (StepFailure e) {
            silent.put(member.name(), e.failure().why());
        }
        return false;
    }

    private static Optional<Instant> written(Host host, StaticPod pod) {
        List<String> argv = new ArrayList<>(List.of("stat", "-c", "%Y"));
        pod.flags().stream()
                .filter(flag -> flag.contains("=/etc/kubernetes/"))
                .map(flag -> flag.substring(flag.indexOf('=') + 1))
                .distinct()
                .forEach(argv::add);
        if (argv.size() == 3) {
            return Optional.empty();
        }
        return host.run(Command.root(argv.toArray(String[]::new)))
                .out()
                .lines()
                .map(line -> Instant.ofEpochSecond(Long.parseLong(line.strip())))
                .max(Instant::compareTo);
    }
}
