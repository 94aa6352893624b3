package dev.belay.activities.kube.fabric8;

import static dev.belay.activities.kube.fabric8.FromApi.orZero;

import dev.belay.activities.kube.Workload;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateStatefulSetStrategy;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetUpdateStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Reads controllers' replicas. Pods that a StatefulSet's partition, or the strategy OnDelete, leaves at the old revision on purpose count
 * as updated: no controller will ever replace them.
 */
final class Workloads {

    private static final String ON_DELETE = "OnDelete";

    private Workloads() {}

    static Workload of(Deployment it) {
        int desired = desired(it.getSpec().getReplicas());
        return new Workload(
                it.getMetadata().getNamespace(),
                "Deployment",
                it.getMetadata().getName(),
                desired,
                it.getStatus() == null ? 0 : orZero(it.getStatus().getUpdatedReplicas()),
                it.getStatus() == null ? 0 : orZero(it.getStatus().getReadyReplicas()),
                it.getStatus() != null && seen(it.getMetadata(), it.getStatus().getObservedGeneration()));
    }

    static Workload of(StatefulSet it) {
        int desired = desired(it.getSpec().getReplicas());
        int updated = it.getStatus() == null ? 0 : orZero(it.getStatus().getUpdatedReplicas());
        return new Workload(
                it.getMetadata().getNamespace(),
                "StatefulSet",
                it.getMetadata().getName(),
                desired,
                Math.max(
                        updated,
                        Math.min(desired, updated + keptBack(it.getSpec().getUpdateStrategy(), desired))),
                it.getStatus() == null ? 0 : orZero(it.getStatus().getReadyReplicas()),
                it.getStatus() != null && seen(it.getMetadata(), it.getStatus().getObservedGeneration()));
    }

    static Workload of(DaemonSet it) {
        int desired = it.getStatus() == null ? 0 : orZero(it.getStatus().getDesiredNumberScheduled());
        boolean onDelete = it.getSpec().getUpdateStrategy() != null
                && ON_DELETE.equals(it.getSpec().getUpdateStrategy().getType());
        int updated = it.getStatus() == null ? 0 : orZero(it.getStatus().getUpdatedNumberScheduled());
        return new Workload(
                it.getMetadata().getNamespace(),
                "DaemonSet",
                it.getMetadata().getName(),
                desired,
                onDelete ? desired : updated,
                it.getStatus() == null ? 0 : orZero(it.getStatus().getNumberReady()),
                it.getStatus() != null && seen(it.getMetadata(), it.getStatus().getObservedGeneration()));
    }

    private static int desired(@Nullable Integer replicas) {
        return replicas == null ? 1 : replicas;
    }

    private static boolean seen(ObjectMeta meta, @Nullable Long observed) {
        return observed != null && (meta.getGeneration() == null || observed >= meta.getGeneration());
    }

    private static int keptBack(@Nullable StatefulSetUpdateStrategy strategy, int desired) {
        if (strategy == null) {
            return 0;
        }
        RollingUpdateStatefulSetStrategy rolling = strategy.getRollingUpdate();
        int partition = rolling == null ? 0 : orZero(rolling.getPartition());
        return ON_DELETE.equals(strategy.getType()) ? desired : partition;
    }
}
