package dev.belay.activities.steps.restore;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.evidence.Evidence.Artifact;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EachHost;
import dev.belay.activities.steps.EachHost.Answer;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.EvidencePath;
import dev.belay.activities.steps.Findings;
import dev.belay.activities.steps.FreeSpace;
import dev.belay.activities.steps.backup.KeptFiles;
import dev.belay.activities.steps.etcd.EtcdProgram;
import dev.belay.activities.steps.etcd.MemberFolders;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Whether a restore could come to its end, looked at before anything is stopped: the snapshot is whole and of this cluster, every control plane
 * answers and is the one it was taken of, has an etcdutl of the snapshot's minor, room, and data that can be set aside by a rename. And what
 * would be lost.
 */
public final class CheckRestore extends DeclaredStep<CheckRestore.Input, CheckRestore.Output> {

    private static final String CA = "/etc/kubernetes/pki/etcd/ca.crt";
    private static final String MADE_SINCE = "made-since.txt";
    private static final long MB = 1L << 20;

    public record Input(
            @Doc("The backup set: <cluster>/<run>/<hop>/") String set,

            @Doc("sha256 of the snapshot that was agreed on")
            String snapshot) {}

    public record Output(
            @Doc("Revision the cluster goes back to") long revision,

            @Doc("Writes since, which are lost; -1 when etcd does not answer")
            long writes,

            @Doc("Objects made since, which are lost; -1 when etcd does not answer")
            long made,

            @Doc("Their keys, one a line, in the backup store; empty when there is no list")
            String list,

            @Doc("Minutes since the snapshot was taken") long minutes,

            @Doc("A trial restore of this snapshot passed; where not, people must say yes to that too")
            boolean drilled) {}

    public CheckRestore() {
        super(
                "restore.check",
                "Looks whether a restore from a backup set could come to its end, and what it would lose",
                Input.class,
                Output.class,
                Traits.cluster("10m", "15s"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        BackupSet set = BackupSet.of(context, input.set(), input.snapshot());
        Optional<EtcdPicture> alive = StepFailure.ifAnswered(() -> EtcdPicture.take(context.etcd()));
        Findings findings = new Findings();
        store(set, findings);
        members(context, set, alive, findings);
        for (Answer<List<StepFailure>> answer : EachHost.of(
                context, context.inventory().hosts(NodeRole.CONTROL_PLANE), (entry, host) -> problems(set, host))) {
            Optional.ofNullable(answer.failure()).ifPresent(findings::stop);
            answer.seen().orElse(List.of()).forEach(problem -> findings.stop(problem.failure()));
        }
        findings.judge();
        Optional<RestoreLoss> loss = alive.flatMap(picture ->
                RestoreLoss.since(context.etcd(), picture, set.snapshot().revision()));
        Output output = output(context, set, loss);
        return Done.done(output, findings.report(words(set, loss, output)));
    }

    private static void store(BackupSet set, Findings findings) {
        String path = set.snapshot().path();
        Optional<Artifact> stored = set.store().list(path).stream()
                .filter(artifact -> artifact.path().equals(path))
                .findFirst();
        if (stored.filter(artifact -> artifact.sha256().equals(set.snapshot().sha256()))
                .isEmpty()) {
            findings.stop(
                    "SNAPSHOT_CORRUPT",
                    path + " in " + set.store().location()
                            + (stored.isEmpty()
                                    ? " is not there"
                                    : " has the sha256 " + stored.get().sha256() + ", its receipt says "
                                            + set.snapshot().sha256()),
                    "find another copy of it");
        }
    }

    private static void members(StepContext context, BackupSet set, Optional<EtcdPicture> alive, Findings findings) {
        if (!set.snapshot().cluster().equals(context.inventory().name())) {
            findings.stop(
                    "OTHER_CLUSTER",
                    "the snapshot is of cluster " + set.snapshot().cluster(),
                    "name a backup set of " + context.inventory().name());
        }
        TreeSet<String> now = new TreeSet<>();
        alive.ifPresent(picture -> picture.members().forEach(member -> now.add(member.name())));
        TreeSet<String> wanted = new TreeSet<>();
        ControlPlanes.of(context).forEach(node -> wanted.add(node.value()));
        if (!now.isEmpty() && !now.equals(wanted)) {
            findings.stop(
                    "MEMBERS_CHANGED",
                    "etcd has the members " + now + ", the inventory the control planes " + wanted,
                    "restore by hand: docs/safety.md, or make the two the same first");
        }
    }

    private static List<StepFailure> problems(BackupSet set, Host host) {
        List<StepFailure> problems = new ArrayList<>();
        catching(
                problems,
                () -> EtcdProgram.find(host, EtcdVersion.parse(set.snapshot().version())));
        catching(problems, () -> samePki(set, host));
        catching(problems, () -> room(set, host));
        return problems;
    }

    private static void catching(List<StepFailure> problems, Runnable look) {
        try {
            look.run();
        } catch (StepFailure e) {
            if (e.failure().kind() == FailureKind.TRANSIENT) {
                throw e;
            }
            problems.add(e);
        }
    }

    private static void samePki(BackupSet set, Host host) {
        KeptFiles kept = set.files(host.node());
        byte[] now = host.read(CA).orElse(new byte[0]);
        if (!Arrays.equals(kept.content(CA).orElse(new byte[0]), now)) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "PKI_CHANGED",
                    host.node() + ": " + CA
                            + " is not the one of the snapshot's time: another cluster, or its CA was changed since",
                    "a person decides which pki the restored data go with: docs/safety.md");
        }
    }

    private static void room(BackupSet set, Host host) {
        String data = set.etcd(host.node()).flag("--data-dir");
        MemberFolders.requireRenamable(host, data);
        String folder = data.substring(0, data.lastIndexOf('/'));
        long free = FreeSpace.on(host, folder);
        long needed = 3 * set.snapshot().bytes() + 256 * MB;
        if (free < needed) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "DISK_FULL",
                    host.node() + ": " + folder + " has " + free / MB + " MB free, a restore needs " + needed / MB,
                    "free space there");
        }
    }

    private static Output output(StepContext context, BackupSet set, Optional<RestoreLoss> loss) {
        long minutes = Duration.between(
                        set.snapshot().takenAt(), context.clock().now())
                .toMinutes();
        String list = EvidencePath.of(context, MADE_SINCE);
        loss.ifPresent(known -> context.evidence().store(list, sink -> sink.write(known.text())));
        return new Output(
                set.snapshot().revision(),
                loss.map(RestoreLoss::writes).orElse(-1L),
                loss.map(known -> (long) known.made().size()).orElse(-1L),
                loss.isPresent() ? list : "",
                minutes,
                set.isDrilled());
    }

    private static String words(BackupSet set, Optional<RestoreLoss> loss, Output output) {
        String span = " in " + output.minutes() + " minutes";
        String lost = loss.map(known -> known.words(span) + " (" + output.list() + ")")
                .orElse("an unknown number of writes" + span);
        return lost + " would be lost: back to revision " + output.revision() + " of "
                + set.snapshot().takenAt()
                + (output.drilled() ? "; its drill passed" : "; it was never drilled, or its drill failed");
    }
}
