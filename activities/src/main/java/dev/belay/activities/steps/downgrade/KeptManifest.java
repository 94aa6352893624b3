package dev.belay.activities.steps.downgrade;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.StaticPods.StaticPod;
import dev.belay.activities.steps.backup.KeptFiles;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.util.Arrays;

/** The etcd manifest of a control plane as the hop kept it before it raised etcd. */
record KeptManifest(Host host, KeptFiles files, StaticPod pod) {

    private static final String PATH = StaticPods.manifest("etcd");

    static KeptManifest of(StepContext context, String set, Host host, EtcdMinor target) {
        KeptFiles files = KeptFiles.of(context.evidence(), set, host.node());
        StaticPod pod = files.staticPod("etcd").orElseThrow(() -> unfit(host.node(), "is not in " + set));
        String version = files.etcd().map(Object::toString).orElse(pod.image());
        if (!target.isOf(version)) {
            throw unfit(host.node(), "is of etcd " + version + ", not of " + target);
        }
        return new KeptManifest(host, files, pod);
    }

    static StepFailure unfit(NodeName node, String why) {
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "BACKUP_UNFIT",
                "the etcd manifest kept of " + node + " " + why,
                "name the backup set of the hop that raised etcd; where there is none, restore is the way");
    }

    /** The kubelet's folder has this very file. */
    boolean isInPlace() {
        return files.content(PATH)
                .flatMap(kept -> host.read(PATH).map(now -> Arrays.equals(kept, now)))
                .orElse(false);
    }

    void putInPlace() {
        files.putBack(host, PATH::equals);
    }
}
