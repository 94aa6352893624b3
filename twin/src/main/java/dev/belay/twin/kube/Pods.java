package dev.belay.twin.kube;

import dev.belay.twin.time.Seed;
import dev.belay.twin.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Every pod and its life: created, bound, started, ended, terminated, and replaced by its owner. */
final class Pods {

    private static final Duration STOPPING = Duration.ofSeconds(3);
    private static final Duration QUICK = Duration.ofSeconds(4);
    private static final Duration SLOW = Duration.ofSeconds(9);
    private static final Duration RUNS = Duration.ofSeconds(2);
    private static final Duration LATER = Duration.ofSeconds(5);

    private final VirtualTime time;
    private final Seed seed;
    private final Placement placement;
    private final Probe probe;
    private final NavigableSet<ApiPod> all = new TreeSet<>();
    private final List<ApiPod> waiting = new ArrayList<>();
    private long created;

    Pods(VirtualTime time, Seed seed, Placement placement, Probe probe) {
        this.time = time;
        this.seed = seed;
        this.placement = placement;
        this.probe = probe;
    }

    Collection<ApiPod> all() {
        return all;
    }

    Optional<ApiPod> find(String namespace, String name) {
        ApiPod like = new ApiPod(namespace, name, "", PodTemplate.of(Map.of(), ""), null, false);
        return Optional.ofNullable(all.ceiling(like))
                .filter(pod -> pod.namespace().equals(namespace) && pod.name().equals(name));
    }

    boolean exists(ApiPod pod) {
        return !pod.isForgotten();
    }

    ApiPod create(String namespace, String name, PodTemplate template, @Nullable Owner owner) {
        ApiPod pod = new ApiPod(namespace, name, uid(namespace + "/" + name), template, owner, false);
        all.add(pod);
        if (owner != null) {
            owner.pods().add(pod);
        }
        place(pod);
        return pod;
    }

    /** The API's picture of a static pod; replaces the one before. */
    ApiPod mirror(ApiNode node, String name, PodTemplate template) {
        find("kube-system", name).ifPresent(this::forget);
        ApiPod pod = new ApiPod("kube-system", name, uid("mirror " + name), template, null, true);
        all.add(pod);
        placement.bind(pod, node);
        return pod;
    }

    /** Begins the end of a pod; its owner replaces it, a StatefulSet or DaemonSet only when it is gone. */
    void terminate(ApiPod pod) {
        if (pod.isTerminating()) {
            return;
        }
        pod.terminate();
        pod.owner().ifPresent(Owner::ending);
        time.after(STOPPING, () -> gone(pod));
        pod.owner().filter(owner -> owner.kind() == Owner.Kind.DEPLOYMENT).ifPresent(this::replace);
    }

    /** Makes as many pods as the owner wants. */
    void replace(Owner owner) {
        while (owner.desired() > count(owner)) {
            create(owner.namespace(), nextName(owner), owner.template(), owner);
        }
    }

    void forget(ApiPod pod) {
        pod.forget();
        all.remove(pod);
        waiting.remove(pod);
        pod.node().ifPresent(node -> placement.unbind(pod, node));
        pod.owner().ifPresent(owner -> owner.gone(pod));
    }

    /** A pod of another cluster's data: its kubelet keeps what runs of it, and starts what does not. */
    void bring(ApiPod pod, Optional<ApiNode> node, boolean ending) {
        all.add(pod);
        pod.owner().ifPresent(owner -> owner.pods().add(pod));
        node.ifPresentOrElse(on -> placement.bind(pod, on), () -> waiting.add(pod));
        if (ending) {
            terminate(pod);
        } else if (node.isPresent() && !pod.isMirror()) {
            time.after(seed.between(QUICK, SLOW, "start " + pod), () -> start(pod));
        }
    }

    /** Tries to place what nothing took before. */
    void retry() {
        List<ApiPod> tried = List.copyOf(waiting);
        waiting.clear();
        tried.forEach(this::place);
    }

    /** Every container of a node begins anew, as when its kubelet becomes another minor. */
    void restartOn(ApiNode node) {
        node.pods().stream()
                .filter(pod -> pod.isRunning() && !pod.isMirror())
                .forEach(pod -> pod.startContainers(time.now()));
    }

    private void place(ApiPod pod) {
        placement
                .nodeFor(pod)
                .ifPresentOrElse(
                        node -> {
                            placement.bind(pod, node);
                            time.after(seed.between(QUICK, SLOW, "start " + pod), () -> start(pod));
                        },
                        () -> waiting.add(pod));
    }

    private void start(ApiPod pod) {
        if (!exists(pod) || pod.isTerminating() || pod.isRunning() || pod.isFinished()) {
            return;
        }
        if (pod.node().filter(ApiNode::isReady).isEmpty()) {
            time.after(LATER, () -> start(pod));
            return;
        }
        pod.startContainers(time.now());
        if (!pod.template().command().isEmpty()) {
            time.after(RUNS, () -> probe.finish(pod));
        }
    }

    private void gone(ApiPod pod) {
        if (!exists(pod)) {
            return;
        }
        forget(pod);
        pod.owner().ifPresent(owner -> {
            if (owner.kind() == Owner.Kind.DAEMON_SET) {
                pod.node().ifPresent(node -> onNode(owner, node));
            } else {
                replace(owner);
            }
        });
    }

    void onNode(Owner owner, ApiNode node) {
        String name = generated(owner, owner.name());
        create(
                owner.namespace(),
                name,
                owner.template().withNodeName(node.name().value()),
                owner);
    }

    private int count(Owner owner) {
        return owner.kind() == Owner.Kind.DEPLOYMENT
                ? owner.aliveCount()
                : owner.pods().size();
    }

    private String nextName(Owner owner) {
        if (owner.kind() == Owner.Kind.DEPLOYMENT) {
            return generated(owner, owner.replicaSet());
        }
        List<String> taken = owner.pods().stream().map(ApiPod::name).toList();
        int ordinal = 0;
        while (taken.contains(owner.name() + "-" + ordinal)) {
            ordinal++;
        }
        return owner.name() + "-" + ordinal;
    }

    private String generated(Owner owner, String prefix) {
        String name;
        do {
            name = prefix + "-" + seed.suffix(owner.key() + ++created, 5);
        } while (find(owner.namespace(), name).isPresent());
        return name;
    }

    private String uid(String what) {
        return seed.uuid(what + " " + ++created);
    }
}
