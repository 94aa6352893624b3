package dev.belay.activities.kube;

/** Replicas of a Deployment, StatefulSet or DaemonSet; {@code current} means the controller has seen the newest spec. */
public record Workload(
        String namespace, String kind, String name, int desired, int updated, int ready, boolean current) {

    public boolean available() {
        return current && ready >= desired && updated >= desired;
    }

    @Override
    public String toString() {
        return namespace + "/" + kind + "/" + name;
    }
}
