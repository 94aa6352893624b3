package dev.belay.twin.kube;

import dev.belay.activities.kube.Workload;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A Deployment, StatefulSet or DaemonSet and its pods. */
public final class Owner {

    /** What keeps pods: each kind replaces a lost one in its own way. */
    public enum Kind {
        DEPLOYMENT("Deployment"),
        STATEFUL_SET("StatefulSet"),
        DAEMON_SET("DaemonSet");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** As etcd's keys have it. */
        String resource() {
            return text.toLowerCase(Locale.ROOT) + "s";
        }
    }

    private final Kind kind;
    private final String namespace;
    private final String name;
    private final Set<ApiPod> pods = new LinkedHashSet<>();
    private PodTemplate template;
    private int desired;
    private int generation;
    private int terminating;

    Owner(Kind kind, String namespace, String name, int desired, PodTemplate template) {
        this.kind = kind;
        this.namespace = namespace;
        this.name = name;
        this.desired = desired;
        this.template = template;
    }

    Kind kind() {
        return kind;
    }

    int generation() {
        return generation;
    }

    /** As another cluster's data have it. */
    Owner at(int restored) {
        generation = restored;
        return this;
    }

    String namespace() {
        return namespace;
    }

    String name() {
        return name;
    }

    int desired() {
        return desired;
    }

    void scale(int replicas) {
        desired = replicas;
    }

    PodTemplate template() {
        return template;
    }

    void change(PodTemplate next) {
        template = next;
        generation++;
    }

    Set<ApiPod> pods() {
        return pods;
    }

    /** One of its pods has begun to end. */
    void ending() {
        terminating++;
    }

    void gone(ApiPod pod) {
        if (pods.remove(pod) && pod.isTerminating()) {
            terminating--;
        }
    }

    int aliveCount() {
        return pods.size() - terminating;
    }

    List<ApiPod> alive() {
        return pods.stream().filter(pod -> !pod.isTerminating()).toList();
    }

    List<ApiPod> outdated() {
        return pods.stream()
                .filter(pod -> !pod.isTerminating() && !pod.template().makesTheSameAs(template))
                .toList();
    }

    /** As a pod names its controller: a Deployment's pods belong to its ReplicaSet. */
    String controller() {
        return kind == Kind.DEPLOYMENT ? "ReplicaSet/" + replicaSet() : kind.text + "/" + name;
    }

    String replicaSet() {
        return name + "-" + Integer.toHexString((namespace + name + generation).hashCode());
    }

    String key() {
        return kind.text + "/" + namespace + "/" + name;
    }

    Workload seen() {
        int ready = (int) pods.stream().filter(ApiPod::isHealthy).count();
        int updated = aliveCount() - outdated().size();
        return new Workload(namespace, kind.text, name, desired, updated, ready, true);
    }
}
