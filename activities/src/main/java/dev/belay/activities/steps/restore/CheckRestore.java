package dev.belay.activities.steps.restore;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.evidence.Evidence.Artifact;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EachHost;
import dev.belay.activities.steps.EachHost.Answer;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.EvidencePath;
import dev.belay.activities.steps.Findings;
import dev.belay.activities.steps.FreeSpace;
import dev.belay.activities.steps.backup.KeptFiles;
import dev.belay.activities.steps.etcd.Etcdutl;
import dev.belay.activities.steps.etcd.MemberFolders;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Whether a restore could come to its end, looked at before anything is stopped: the snapshot is whole and of this cluster, every control plane
 * answers and is the one it was taken of; what runs etcd has an etcdutl of the snapshot's minor, room, and data that can be set aside by a
 * rename. And what would be lost.
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
                context, hosts(context.inventory()), (entry, host) -> problems(context.inventory(), set, host))) {
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
        alive.filter(picture -> context.inventory().hasExternalEtcd())
                .ifPresent(picture -> programs(set, picture, findings));
        TreeSet<String> now = new TreeSet<>();
        alive.ifPresent(picture -> picture.members().forEach(member -> now.add(member.name())));
        TreeSet<String> wanted = new TreeSet<>();
        context.inventory().etcdMembers().forEach(node -> wanted.add(node.value()));
        if (!now.isEmpty() && !now.equals(wanted)) {
            findings.stop(
                    "MEMBERS_CHANGED",
                    "etcd has the members " + now + ", the inventory " + wanted,
                    "restore by hand: docs/safety.md, or make the two the same first");
        }
    }

    /** The program of an external etcd is nobody's to put back but its administrator's. */
    private static void programs(BackupSet set, EtcdPicture picture, Findings findings) {
        EtcdVersion wanted = EtcdVersion.parse(set.snapshot().version());
        List<String> others = picture.statuses().entrySet().stream()
                .filter(member -> EtcdVersion.tryParse(member.getValue().version())
                        .filter(wanted::sameMinor)
                        .isEmpty())
                .map(member -> member.getKey() + " runs " + member.getValue().version())
                .toList();
        if (!others.isEmpty()) {
            findings.stop(
                    "ETCD_PROGRAM",
                    "the snapshot is of etcd " + wanted + ", and " + String.join(", ", others),
                    "stop every member, put the program of the snapshot's minor in its place on these hosts, then retry");
        }
    }

    /** The control planes, and what runs etcd. */
    private static List<HostEntry> hosts(Cluster inventory) {
        return Stream.concat(inventory.hosts(NodeRole.CONTROL_PLANE).stream(), inventory.etcdHosts().stream())
                .distinct()
                .toList();
    }

    private static List<StepFailure> problems(Cluster inventory, BackupSet set, Host host) {
        List<StepFailure> problems = new ArrayList<>();
        if (inventory.etcdMembers().contains(host.node())) {
            EtcdVersion version = EtcdVersion.parse(set.snapshot().version());
            catching(problems, () -> Etcdutl.requireBump(host, version));
            catching(problems, () -> room(set, host));
            catching(problems, () -> sameMember(inventory, set, host));
        }
        if (!EtcdSettings.isExternal(inventory, host.node())) {
            catching(problems, () -> samePki(set, host));
        }
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

    /** What comes up must read the data that were restored, and be who the snapshot's members know. */
    private static void sameMember(Cluster inventory, BackupSet set, Host host) {
        EtcdSettings kept = set.etcd(host.node()).known();
        if (kept.flag("--wal-dir").isPresent()) {
            throw unfit(
                    host, "its log is apart from its data, in " + kept.flags().get("--wal-dir"));
        }
        if (!EtcdSettings.isExternal(inventory, host.node())) {
            return;
        }
        Optional<EtcdSettings> now = StepFailure.ifAnswered(() -> EtcdSettings.ofUnit(host));
        for (String flag : List.of("--data-dir", "--wal-dir", "--initial-advertise-peer-urls")) {
            now.filter(settings -> !settings.flag(flag).equals(kept.flag(flag))).ifPresent(settings -> {
                throw unfit(
                        host,
                        "its " + flag + " is " + settings.flag(flag).orElse("not set") + ", and was "
                                + kept.flag(flag).orElse("not set") + " when its files were kept");
            });
        }
    }

    private static StepFailure unfit(Host host, String why) {
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "MEMBER_CHANGED",
                "etcd member " + host.node() + ": " + why,
                "restore by hand: docs/safety.md, or let the member be what it was");
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
