package dev.belay.model.kubernetes;

/**
 * One move of the whole cluster: to the next minor, or to a newer patch of the same minor.
 *
 * @param index counts from 0 over the run
 * @param raisesEtcdMinor the target ships an etcd of a newer minor than the start, or than a member that was seen, so the last control plane is a point of no easy return
 */
public record Hop(
        int index,
        KubernetesVersion from,
        KubernetesVersion to,
        boolean first,
        boolean last,
        boolean raisesEtcdMinor) {}
