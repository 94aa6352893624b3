package dev.belay.lab.etcd;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.activities.StepClock;
import dev.belay.activities.SystemClock;
import dev.belay.activities.contract.EtcdClusterContract;
import dev.belay.activities.etcd.EtcdAlarm;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.jetcd.EtcdCredentials;
import dev.belay.activities.etcd.jetcd.JetcdCluster;
import dev.belay.activities.fake.TestAuthority;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real etcd, and what only a real one can show: foreign certificates, a hung process, a lost majority, CORRUPT. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RealEtcdContract extends EtcdClusterContract {

    private static final int NOSPACE = 1;
    private static final int CORRUPT = 2;

    private final StepClock clock = new SystemClock();
    private RealEtcd real;
    private JetcdCluster etcd;

    /** The program; empty where it is not. */
    abstract Optional<Path> program();

    /** Why it may be missing and how to get it. */
    abstract String whenMissing();

    @BeforeAll
    void startThree(@TempDir Path folder) throws IOException {
        assumeTrue(program().isPresent(), whenMissing());
        real = RealEtcd.running(program().get(), folder);
        etcd = real.cluster();
        await("three members to answer", () -> etcd.members().stream().allMatch(this::answers));
    }

    @AfterAll
    void endThree() {
        if (real != null) {
            etcd.close();
            real.close();
        }
    }

    @Override
    protected EtcdCluster etcd() {
        return etcd;
    }

    @Override
    protected List<String> names() {
        return RealEtcd.NAMES;
    }

    @Override
    protected void write() {
        real.write();
    }

    @Override
    protected void stop(String member) {
        real.stop(member);
    }

    @Override
    protected void start(String member) {
        real.start(member);
    }

    @Override
    protected void raise(String member, String alarm) {
        String id = etcd.members().stream()
                .filter(each -> each.name().equals(member))
                .map(EtcdMember::id)
                .findFirst()
                .orElseThrow();
        real.raise(id, alarm.equals("CORRUPT") ? CORRUPT : NOSPACE);
    }

    @Override
    protected void disarm() {
        real.disarm();
    }

    @Override
    protected StepClock clock() {
        return clock;
    }

    @Test
    void aCorruptAlarmIsCalledByItsName() {
        EtcdMember member = member(2);

        raise(member.name(), "CORRUPT");

        await("the alarm", () -> etcd().alarms().equals(List.of(new EtcdAlarm(member.id(), "CORRUPT"))));
        assertThat(etcd().status(member).errors()).anyMatch(error -> error.contains("CORRUPT"));
    }

    @Test
    void withoutAMajorityTheMembersThatAnswerSaySo() {
        EtcdMember left = member(0);
        assumeTrue(!etcd().status(left).version().startsWith("3.4."), "etcd 3.4 lists its members from memory");
        stop("cp2");
        stop("cp3");

        Failure failure = failsWith(FailureKind.TRANSIENT, "ETCD_UNREACHABLE", () -> etcd().members());

        assertThat(failure.why()).contains("cp1 answers, but cannot list the members", "cp2 gives no answer", "cp3");
        assertThat(etcd().status(left).version()).isNotBlank();
    }

    @Test
    void aHungMemberIsUnreachableAfterAWhile() {
        EtcdMember hung = member(1);
        real.freeze(hung.name());
        try {
            Failure failure = failsWith(FailureKind.TRANSIENT, "ETCD_UNREACHABLE", () -> etcd().status(hung));

            assertThat(failure.why()).contains("cp2 gives no answer");
        } finally {
            real.thaw(hung.name());
        }
    }

    @Test
    void anotherNodesEtcdBehindThePortIsNotTrusted() {
        try (JetcdCluster crossed = RealEtcd.through(node -> real.address(new NodeName("cp2")), real.credentials())) {
            EtcdMember cp1 = member(0);

            Failure failure = failsWith(FailureKind.PERMANENT, "ETCD_UNTRUSTED", () -> crossed.status(cp1));

            assertThat(failure.why()).contains("cp1");
        }
    }

    @Test
    void aClientOfAnotherAuthorityIsTurnedAway() {
        TestAuthority.Issued stranger = new TestAuthority().client();
        EtcdCredentials credentials =
                new EtcdCredentials(real.credentials().authority(), stranger.certificate(), stranger.key());
        try (JetcdCluster foreign = RealEtcd.through(real::address, credentials)) {
            EtcdMember cp1 = member(0);

            Failure failure = failsWith(FailureKind.PERMANENT, "ETCD_UNTRUSTED", () -> foreign.status(cp1));

            assertThat(failure.why()).contains("cp1", "client certificate");
        }
    }

    @Test
    void aServerOfAnotherAuthorityIsNotTrusted() {
        EtcdCredentials credentials = new EtcdCredentials(
                new TestAuthority().authority(),
                real.credentials().certificate(),
                real.credentials().key());
        try (JetcdCluster foreign = RealEtcd.through(real::address, credentials)) {
            failsWith(FailureKind.PERMANENT, "ETCD_UNTRUSTED", () -> foreign.status(member(0)));
        }
    }

    @Test
    void etcdsOwnToolReadsTheSnapshot(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("snapshot.db");
        try (OutputStream sink = Files.newOutputStream(file)) {
            etcd().snapshot(member(0), sink);
        }

        Process tool = new ProcessBuilder(snapshotTool().toString(), "snapshot", "status", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(tool.waitFor()).as(said).isZero();
    }

    /** etcdutl where there is one; 3.4's etcdctl did this itself. */
    private Path snapshotTool() {
        Path folder = program().orElseThrow().toAbsolutePath().getParent();
        Path modern = folder.resolve("etcdutl");
        return Files.isExecutable(modern) ? modern : folder.resolve("etcdctl");
    }
}
