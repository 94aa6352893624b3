package dev.belay.activities.steps.check;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.Host;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EachHost;
import dev.belay.activities.steps.EachHost.Answer;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.Findings;
import dev.belay.activities.steps.Nothing;
import dev.belay.activities.steps.Pem;
import dev.belay.activities.steps.StaticPods;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reaches everything the run will need: every host of the inventory by SSH with sudo, the API, and proves that both are one cluster. The
 * proof is the cluster's CA: what the API publishes ({@code kube-root-ca.crt}) against {@code /etc/kubernetes/pki/ca.crt} of each host.
 */
public final class CheckAccess extends DeclaredStep<Nothing, CheckAccess.Output> {

    private static final Duration SKEW = Duration.ofMinutes(1);
    private static final Duration SKEW_WORTH_SAYING = Duration.ofSeconds(5);
    private static final String CA = "/etc/kubernetes/pki/ca.crt";

    public record Output(
            @Doc("Hosts reached") int hosts,

            @Doc("UID of the kube-system namespace: tells clusters apart")
            String uid) {}

    /** What one host said of itself. */
    private record Seen(CommandOutput id, Duration skew, Optional<byte[]> ca, Optional<byte[]> etcd) {}

    public CheckAccess() {
        super(
                "check.access",
                "Reaches every host with sudo and the API, and proves that they are one cluster and the inventory names its nodes",
                Nothing.class,
                Output.class,
                Traits.cluster("10m", "5s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        Findings findings = new Findings();
        List<HostEntry> entries = context.inventory().hosts();
        String uid = context.kube().uid();
        compareNodes(context.inventory().nodes(), context.kube().nodes(), findings);
        Set<String> published = publishedCa(context, findings);
        List<Answer<Seen>> answers = EachHost.of(context, entries, CheckAccess::look);
        Set<String> etcd = etcdCa(answers);
        for (Answer<Seen> answer : answers) {
            if (answer.failure() != null) {
                findings.stop(answer.failure());
            }
            boolean external = answer.entry().role() == NodeRole.ETCD;
            answer.seen().ifPresent(seen -> judge(answer.entry(), seen, external ? etcd : published, findings));
        }
        findings.judge();
        return Done.done(
                new Output(entries.size(), uid),
                findings.report(entries.size() + " hosts and the API answer, and are one cluster"));
    }

    private static Seen look(HostEntry entry, Host host) {
        Optional<String> etcd =
                switch (entry.role()) {
                    case ETCD -> trusted(host);
                    case CONTROL_PLANE ->
                        StaticPods.of(host).pod("kube-apiserver").flatMap(pod -> pod.flag("--etcd-cafile"));
                    case WORKER -> Optional.empty();
                };
        Optional<byte[]> etcdCa = etcd.flatMap(host::read);
        return new Seen(
                host.run(Command.root("id", "-u")),
                host.clockSkew(),
                entry.role() == NodeRole.ETCD ? etcdCa : host.read(CA),
                etcdCa);
    }

    /** Empty where the member does not run: {@code check.etcd} judges that, and a restore begins all the same. */
    private static Optional<String> trusted(Host host) {
        try {
            return EtcdSettings.ofUnit(host).flag("--trusted-ca-file");
        } catch (StepFailure e) {
            if (!e.failure().code().equals(EtcdSettings.STOPPED)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** The authorities that the API servers believe of their etcd. */
    private static Set<String> etcdCa(List<Answer<Seen>> answers) {
        return answers.stream()
                .filter(answer -> answer.entry().role() == NodeRole.CONTROL_PLANE)
                .flatMap(answer -> answer.seen().flatMap(Seen::etcd).stream())
                .flatMap(pem -> Pem.fingerprints(pem).stream())
                .collect(Collectors.toSet());
    }

    private static void judge(HostEntry entry, Seen seen, Set<String> published, Findings findings) {
        if (!seen.id().ok() || !seen.id().out().strip().equals("0")) {
            findings.stop(
                    "SUDO_REFUSED",
                    entry.node() + ": `sudo -n id -u` does not answer 0 but \""
                            + (seen.id().out() + seen.id().err()).strip() + "\"",
                    "give the SSH user of " + entry.node() + " passwordless sudo");
        }
        judgeClock(entry, seen.skew().abs(), findings);
        if (entry.role() == NodeRole.ETCD && seen.ca().isEmpty()) {
            findings.warn(entry.node()
                    + "'s etcd does not run or names no --trusted-ca-file: nothing proves that it is this cluster's");
            return;
        }
        Set<String> own = seen.ca().map(Pem::fingerprints).orElse(Set.of());
        if (!published.isEmpty() && own.stream().noneMatch(published::contains)) {
            findings.stop(
                    "OTHER_CLUSTER",
                    entry.node()
                            + (entry.role() == NodeRole.ETCD
                                    ? ": its etcd believes no CA that the API servers believe of theirs (--etcd-cafile)"
                                    : ": its " + CA + " is not the CA of the cluster that the kubeconfig points to"),
                    "make kubeconfig and hosts of the inventory mean the same cluster");
        }
    }

    private static void judgeClock(HostEntry entry, Duration skew, Findings findings) {
        if (skew.compareTo(SKEW) > 0) {
            findings.stop(
                    "CLOCK_SKEW",
                    entry.node() + ": its clock is " + skew.toSeconds() + " s away from this worker's",
                    "set the clocks (chrony, systemd-timesyncd)");
        } else if (skew.compareTo(SKEW_WORTH_SAYING) > 0) {
            findings.warn(entry.node() + "'s clock is " + skew.toSeconds() + " s away from this worker's");
        }
    }

    private static Set<String> publishedCa(StepContext context, Findings findings) {
        Set<String> published = context.kube()
                .configMap("kube-system", "kube-root-ca.crt")
                .map(data -> Pem.fingerprints(data.getOrDefault("ca.crt", "").getBytes(StandardCharsets.UTF_8)))
                .orElse(Set.of());
        if (published.isEmpty()) {
            findings.stop(
                    "CLUSTER_UNPROVEN",
                    "the ConfigMap kube-system/kube-root-ca.crt holds no certificate, so hosts and API cannot be proven to be one cluster",
                    "look at kube-controller-manager, which publishes it");
        }
        return published;
    }

    private static void compareNodes(List<HostEntry> entries, List<KubeNode> nodes, Findings findings) {
        Map<NodeName, KubeNode> byName =
                new TreeMap<>(nodes.stream().collect(Collectors.toMap(KubeNode::name, node -> node)));
        for (HostEntry entry : entries) {
            KubeNode node = byName.remove(entry.node());
            if (node == null) {
                findings.stop(
                        "NODE_NOT_IN_API",
                        entry.node() + " is in the inventory but not a node of the cluster",
                        "take it out of the inventory or join it");
            } else if (node.controlPlane() != (entry.role() == NodeRole.CONTROL_PLANE)) {
                findings.stop(
                        "WRONG_ROLE",
                        entry.node() + " is a " + entry.role().text() + " in the inventory, but its node "
                                + (node.controlPlane() ? "is" : "is not") + " labelled as a control plane",
                        "correct its role in the inventory");
            }
        }
        byName.keySet()
                .forEach(name -> findings.stop(
                        "NODE_NOT_IN_INVENTORY",
                        name + " is a node of the cluster but not in the inventory",
                        "add " + name + " to the inventory's hosts"));
    }
}
