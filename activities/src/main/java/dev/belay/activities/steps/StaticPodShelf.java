package dev.belay.activities.steps;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.StaticPodProcesses.Running;
import dev.belay.activities.steps.StaticPods.StaticPod;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the manifests of a node's static pods lie while these shall not run: beside the kubelet's folder, on the same file system, under the
 * run's mark. A manifest is in one of the two places at any instant, so that whoever comes next sees how far this was. Deleting a mirror pod
 * or restarting the kubelet would restart nothing.
 */
public final class StaticPodShelf {

    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration GONE = Duration.ofMinutes(3);
    private static final Duration STARTED = Duration.ofMinutes(5);

    private final StepContext context;
    private final Host host;

    public StaticPodShelf(StepContext context, Host host) {
        this.context = context;
        this.host = host;
    }

    /** Says whether a manifest lies on the shelf. */
    public boolean holds(String component) {
        return !host.list(List.of(shelved(component))).isEmpty();
    }

    /** Moves a manifest out of the kubelet's sight; one that this run has moved already stays where it is. */
    public void takeOut(String component) {
        Optional<StaticPod> pod = StaticPods.of(host).pod(component);
        if (pod.isEmpty() && holds(component)) {
            return;
        }
        String file = pod.map(StaticPod::file).orElse("");
        if (!file.equals(StaticPods.manifest(component))) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "MANIFEST_MISSING",
                    host.node() + ": there is no " + StaticPods.manifest(component)
                            + (file.isEmpty() ? "" : ", the static pod is " + file),
                    "look for /etc/kubernetes/.belay-*-" + component
                            + ".yaml, left by a run that was given up, and move it to "
                            + StaticPods.manifest(component));
        }
        host.move(file, shelved(component));
    }

    /** Waits until no process of these static pods is left. */
    public void awaitGone(List<String> components) {
        await(GONE, "STATIC_POD_STAYS", "`journalctl -u kubelet` on " + host.node() + ": why does it not stop them?")
                .until(() -> {
                    StaticPodProcesses processes = StaticPodProcesses.of(host);
                    return components.stream()
                            .filter(component -> !processes.gone(component))
                            .map(component -> component + " of " + host.node() + " still runs")
                            .toList();
                });
    }

    /** Moves a manifest back; does nothing when it is not on the shelf. */
    public void putBack(String component) {
        if (!holds(component)) {
            return;
        }
        if (!host.list(List.of(StaticPods.manifest(component))).isEmpty()) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "MANIFEST_TWICE",
                    host.node() + ": " + StaticPods.manifest(component) + " is there, and so is " + shelved(component)
                            + ", which this run took out",
                    "find out who wrote the first; keep one of them in " + StaticPods.manifest(component)
                            + ", remove the other, then retry");
        }
        host.move(shelved(component), StaticPods.manifest(component));
    }

    /** Moves a manifest back over the one that has taken its place; does nothing when it is not on the shelf. */
    public void putBackOver(String component) {
        if (holds(component)) {
            host.move(shelved(component), StaticPods.manifest(component));
        }
    }

    /**
     * Waits for a container of a static pod that is none of these.
     *
     * @param before ids of containers that were seen before
     */
    public Running awaitStarted(String component, Set<String> before) {
        await(STARTED, "STATIC_POD_DOWN", "`journalctl -u kubelet` and /var/log/pods on " + host.node())
                .until(() -> running(component, before)
                        .map(running -> List.<String>of())
                        .orElse(List.of("no new container of " + component + " runs on " + host.node())));
        return running(component, before)
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.TRANSIENT,
                        "STATIC_POD_DOWN",
                        component + " of " + host.node() + " started and ended again",
                        "look at its log in /var/log/pods"));
    }

    private Optional<Running> running(String component, Set<String> before) {
        return StaticPodProcesses.of(host).running(component).filter(running -> !before.contains(running.container()));
    }

    private Await await(Duration limit, String code, String next) {
        return new Await(context, limit, PAUSE, code, next);
    }

    private String shelved(String component) {
        return shelved(context.mark(), component);
    }

    /** The static pod of a component as its manifest has it, in the kubelet's folder or on the shelf of any run; empty where there is none. */
    public static Optional<StaticPod> wherever(Host host, String component) {
        return StaticPods.of(host).pod(component).or(() -> host.list(List.of("/etc/kubernetes")).stream()
                .map(FileEntry::path)
                .filter(path -> path.matches("/etc/kubernetes/\\.belay-[^/]*-" + component + "\\.yaml"))
                .flatMap(path -> host.read(path).stream().map(content -> StaticPods.read(host.node(), path, content)))
                .findFirst());
    }

    /** Where the run with this mark lays a manifest. */
    public static String shelved(String mark, String component) {
        return "/etc/kubernetes/." + mark + "-" + component + ".yaml";
    }
}
