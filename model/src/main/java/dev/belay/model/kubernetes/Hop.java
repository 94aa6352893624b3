package dev.belay.model.kubernetes;

/**
 * One move of the whole cluster: to the next minor, to a newer patch of the same minor, or, in maintenance, none.
 *
 * @param index counts from 0 over the run
 * @param raisesEtcdMinor the target ships an etcd of a newer minor than the start, or than a member that was seen, so the last control plane is a point of no easy return
 */
public record Hop(
        int index, KubernetesVersion from, KubernetesVersion to, boolean first, boolean last, boolean raisesEtcdMinor) {

    /** The only one of a run that changes no version. */
    public static Hop standing(KubernetesVersion version) {
        return new Hop(0, version, version, true, true, false);
    }

    /** Both ends, or the one version where nothing moves. */
    public static String words(KubernetesVersion from, KubernetesVersion to, String between) {
        return from.equals(to) ? "at " + to : from + between + to;
    }

    /** Both ends, for sentences. */
    public String words() {
        return words(from, to, " to ");
    }
}
