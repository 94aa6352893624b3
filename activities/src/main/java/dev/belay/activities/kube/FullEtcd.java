package dev.belay.activities.kube;

import dev.belay.activities.StepFailure;
import dev.belay.model.run.FailureKind;

/** No write is taken while etcd is full, and that does not pass by itself: PRECONDITION/ETCD_FULL, whichever write it was. */
public final class FullEtcd {

    /** etcd's words, which an API server passes on with a 500. */
    public static final String WORDS = "etcdserver: mvcc: database space exceeded";

    private FullEtcd() {}

    /**
     * The failure of one call.
     *
     * @param api who passed it on
     */
    public static StepFailure refused(String api, String call, String words) {
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "ETCD_FULL",
                api + " takes no write, so neither \"" + call + "\": " + words,
                "make room in etcd by hand, as docs/operations.md has it under \"etcd is full\", then retry; while this run stands"
                        + " runbooks/etcd-space.yaml is refused, and an abort would have to write too");
    }
}
