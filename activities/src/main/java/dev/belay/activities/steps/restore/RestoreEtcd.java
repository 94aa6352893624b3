package dev.belay.activities.steps.restore;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.Undoable;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.etcd.Etcdutl;
import dev.belay.activities.steps.etcd.MemberFolders;
import dev.belay.activities.steps.etcd.SnapshotRestore;
import dev.belay.activities.steps.restore.BackupSet.KeptEtcd;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.NodeName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one member's data out of the snapshot, with the etcdutl of the snapshot's own minor, and puts them in the place of those that are there,
 * which are kept under the run's mark. All members get one file, one new token and one bump, so that they come up as one new cluster whose
 * revision has gone on and whose watches end with an error instead of silence (kubernetes/kubernetes#107457). etcd must be stopped.
 */
public final class RestoreEtcd extends DeclaredStep<RestoreEtcd.Input, RestoreEtcd.Output>
        implements Undoable<RestoreEtcd.Input, RestoreEtcd.Output> {

    /** By how much the revision goes on: more than any cluster writes between a snapshot and its restore (etcd's recovery guide). */
    static final long BUMP = 1_000_000_000L;

    public record Input(
            @Doc("The backup set: <cluster>/<run>/<hop>/") String set,

            @Doc("sha256 of the snapshot that was agreed on")
            String snapshot) {}

    public record Output(
            @Doc("Where the data before are kept until they are signed off")
            String before) {}

    public RestoreEtcd() {
        super(
                "etcd.restore",
                "Restores one stopped member from a snapshot, with a new cluster token and the revision bumped; the old data are kept",
                Input.class,
                Output.class,
                Traits.node("40m", "10s").effect("etcd data restored"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        BackupSet set = BackupSet.of(context, input.set(), input.snapshot());
        MemberFolders folders = folders(set, context);
        Output output = new Output(folders.before());
        if (folders.isThere(folders.before()) && folders.isThere(folders.data())) {
            return Done.already(output, folders.data() + " of " + context.node() + " is restored already");
        }
        if (!folders.isThere(folders.before())) {
            make(set, context, folders);
            folders.rename(folders.data(), folders.before());
        }
        folders.rename(folders.fresh(), folders.data());
        folders.discard(folders.snapshot());
        return Done.done(
                output,
                folders.data() + " of " + context.node() + " is at revision "
                        + set.snapshot().revision() + " and on; what it was is " + folders.before());
    }

    private static void make(BackupSet set, StepContext context, MemberFolders folders) {
        Host host = context.host();
        Etcdutl tool =
                Etcdutl.of(context, host, EtcdVersion.parse(set.snapshot().version()));
        SnapshotRestore wanted = new SnapshotRestore(
                folders.snapshot(), context.node().value(), peers(set, context), token(context), folders.fresh(), BUMP);
        if (!tool.begun(wanted)) {
            folders.discard(folders.fresh());
        }
        bring(set, host, folders.snapshot());
        tool.restore(wanted);
        folders.ownAsBefore();
    }

    /** The snapshot on the node, whole. */
    private static void bring(BackupSet set, Host host, String path) {
        String sha256 = set.snapshot().sha256();
        boolean there = host.list(List.of(path)).stream().map(FileEntry::sha256).anyMatch(sha256::equals);
        if (!there) {
            host.upload(path, set::open, FileAttributes.ROOT_ONLY);
        }
    }

    private static Map<String, String> peers(BackupSet set, StepContext context) {
        Map<String, String> peers = new LinkedHashMap<>();
        for (NodeName node : context.inventory().etcdMembers()) {
            KeptEtcd etcd = set.etcd(node);
            peers.put(etcd.flag("--name"), etcd.flag("--initial-advertise-peer-urls"));
        }
        return peers;
    }

    /** New, and the same on every member and in every attempt. */
    private static String token(StepContext context) {
        return context.mark() + "-restored";
    }

    private static MemberFolders folders(BackupSet set, StepContext context) {
        return MemberFolders.of(
                context.mark(), context.host(), set.etcd(context.node()).flag("--data-dir"));
    }

    @Override
    public String undo(Input input, @Nullable Output output, StepContext context) {
        MemberFolders folders = folders(BackupSet.of(context, input.set()), context);
        if (!folders.isThere(folders.before())) {
            folders.discard(folders.fresh());
            folders.discard(folders.snapshot());
            return folders.data() + " of " + context.node() + " is as it was";
        }
        if (folders.isThere(folders.data())) {
            folders.discard(folders.fresh());
            folders.rename(folders.data(), folders.fresh());
        }
        folders.rename(folders.before(), folders.data());
        return folders.data() + " of " + context.node() + " is again what it was; what was restored is "
                + folders.fresh();
    }
}
