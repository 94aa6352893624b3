package dev.belay.activities.steps.restore;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.model.kubernetes.EtcdVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One new etcd cluster stands where the old one was: every member, one cluster id that is not the snapshot's, the etcd minor of the snapshot, a
 * revision beyond the bump, equal hashes, no alarm.
 */
public final class VerifyRestored extends DeclaredStep<VerifyRestored.Input, VerifyRestored.Output> {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    public record Input(
            @Doc("The backup set: <cluster>/<run>/<hop>/") String set) {}

    public record Output(
            @Doc("The new etcd cluster's id") String clusterId,

            @Doc("The revision at which all members have the same hash")
            long revision) {}

    public VerifyRestored() {
        super(
                "etcd.verifyRestored",
                "Waits until the restored members are one new cluster, at a revision beyond the bump, with equal hashes and no alarm",
                Input.class,
                Output.class,
                Traits.cluster("7m", "10s"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        BackupSet set = BackupSet.of(context, input.set());
        new Await(context, LIMIT, PAUSE, "ETCD_NOT_RESTORED", "look at the etcd logs in /var/log/pods of what is named")
                .until(() -> missing(context, set));
        EtcdPicture picture = EtcdPicture.take(context.etcd());
        String id = picture.statuses().values().iterator().next().clusterId();
        return Done.done(
                new Output(id, picture.revision()),
                picture.members().size() + " members are the new cluster " + id + " at revision " + picture.revision());
    }

    private static List<String> missing(StepContext context, BackupSet set) {
        EtcdPicture picture = EtcdPicture.take(context.etcd());
        List<String> missing =
                new ArrayList<>(picture.problems(context.inventory().etcdMembers()));
        EtcdVersion wanted = EtcdVersion.parse(set.snapshot().version());
        picture.statuses().forEach((name, status) -> missing.addAll(missing(name, status, set, wanted)));
        return missing;
    }

    private static List<String> missing(String name, MemberStatus status, BackupSet set, EtcdVersion wanted) {
        List<String> missing = new ArrayList<>();
        if (status.clusterId().equals(set.snapshot().etcdCluster())) {
            missing.add("etcd member " + name + " is still of the old cluster " + status.clusterId());
        }
        if (status.revision() < set.snapshot().revision() + RestoreEtcd.BUMP) {
            missing.add("etcd member " + name + " is at revision " + status.revision() + ", below the bump");
        }
        boolean minor =
                EtcdVersion.tryParse(status.version()).filter(wanted::sameMinor).isPresent();
        if (!minor) {
            missing.add("etcd member " + name + " runs " + status.version() + ", the snapshot is of " + wanted);
        }
        return missing;
    }
}
