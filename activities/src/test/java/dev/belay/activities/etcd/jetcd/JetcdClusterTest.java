package dev.belay.activities.etcd.jetcd;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JetcdClusterTest {

    private static final NodeName CP1 = new NodeName("cp1");
    private static final EtcdMember MEMBER = member("cp1");
    private static final EtcdCredentials NONE = new EtcdCredentials("", "", "");

    @Test
    void idsAreUnsigned() throws IOException {
        try (FakeMember fake = new FakeMember(FakeMember::breakOff);
                JetcdCluster etcd = through(fake)) {
            MemberStatus status = etcd.status(MEMBER);

            assertThat(status.memberId()).isEqualTo("18446744073709551615");
            assertThat(status.leaderId()).isEqualTo("18446744073709551615");
            assertThat(status.clusterId()).isEqualTo("18446744073709551614");
        }
    }

    @Test
    void aDamagedSnapshotIsSaidToBe() throws IOException {
        try (FakeMember fake = new FakeMember(stream -> {
                    stream.onNext(FakeMember.chunk("some pages of a database"));
                    stream.onNext(FakeMember.chunk("and thirty-two bytes of no hash."));
                    stream.onCompleted();
                });
                JetcdCluster etcd = through(fake)) {
            Failure failure = failsWith(
                    FailureKind.PERMANENT,
                    "SNAPSHOT_CORRUPT",
                    () -> etcd.snapshot(MEMBER, OutputStream.nullOutputStream()));

            assertThat(failure.why()).contains("cp1", "56 bytes");
        }
    }

    @Test
    void aSnapshotThatBreaksOffIsTakenAgainLater() throws IOException {
        try (FakeMember fake = new FakeMember(stream -> {
                    stream.onNext(FakeMember.chunk("half of it"));
                    FakeMember.breakOff(stream);
                });
                JetcdCluster etcd = through(fake)) {
            ByteArrayOutputStream sink = new ByteArrayOutputStream();

            Failure failure = failsWith(FailureKind.TRANSIENT, "ETCD_UNREACHABLE", () -> etcd.snapshot(MEMBER, sink));

            assertThat(failure.why()).contains("cp1", "the disk is gone");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FAILED_PRECONDITION, etcdserver: not capable, TRANSIENT, ETCD_NO_QUORUM",
        "RESOURCE_EXHAUSTED, etcdserver: too many requests, TRANSIENT, ETCD_NO_QUORUM",
        "UNAVAILABLE, etcdserver: leader changed, TRANSIENT, ETCD_NO_QUORUM",
        "UNAVAILABLE, etcdserver: request timed out, TRANSIENT, ETCD_NO_QUORUM",
        "INTERNAL, Received Rst stream, TRANSIENT, ETCD_UNREACHABLE",
        "PERMISSION_DENIED, etcdserver: permission denied, PERMANENT, ETCD_REFUSED"
    })
    void whatAMemberSaysWhileItStartsPasses(Status.Code code, String words, FailureKind kind, String name)
            throws IOException {
        try (FakeMember fake = new FakeMember(stream ->
                        stream.onError(code.toStatus().withDescription(words).asRuntimeException()));
                JetcdCluster etcd = through(fake)) {
            Failure failure = failsWith(kind, name, () -> etcd.snapshot(MEMBER, OutputStream.nullOutputStream()));

            assertThat(failure.why()).contains("cp1", words);
        }
    }

    @Test
    void certificatesThatWereRenewedAreReadAgainBeforeAMemberIsDistrusted() throws Exception {
        AtomicReference<FakeMember> now = new AtomicReference<>(new FakeMember(FakeMember::breakOff));
        InetSocketAddress address = now.get().address();
        try (JetcdCluster etcd =
                new JetcdCluster(List.of(CP1), node -> now.get().credentials(), node -> address)) {
            etcd.status(MEMBER);
            now.get().closeAndGiveBack();
            now.set(new FakeMember(address.getPort(), FakeMember::breakOff));

            assertThat(etcd.status(MEMBER).version()).isEqualTo("3.5.35");
        } finally {
            now.get().close();
        }
    }

    @Test
    void aMemberIsDistrustedWhenItsCertificatesDoNotServeEither() throws IOException {
        try (FakeMember fake = new FakeMember(FakeMember::breakOff);
                FakeMember foreign = new FakeMember(FakeMember::breakOff);
                JetcdCluster etcd =
                        new JetcdCluster(List.of(CP1), node -> foreign.credentials(), node -> fake.address())) {
            failsWith(FailureKind.PERMANENT, "ETCD_UNTRUSTED", () -> etcd.status(MEMBER));
        }
    }

    @Test
    void aFullDiskHereStopsTheMemberFromSendingOn() throws Exception {
        try (FakeMember fake = new FakeMember(stream -> stream.onNext(FakeMember.chunk("the first page")));
                JetcdCluster etcd = through(fake)) {
            OutputStream full = new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException("No space left on device");
                }
            };

            assertThatThrownBy(() -> etcd.snapshot(MEMBER, full)).hasMessage("No space left on device");

            assertThat(fake.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aWayThatIsNotThereIsAMemberWithoutAnAnswer() {
        JetcdCluster etcd = new JetcdCluster(List.of(CP1), node -> NONE, node -> {
            throw StepFailure.of(FailureKind.TRANSIENT, "UNREACHABLE", "cp1 cannot be reached by SSH", "look");
        });

        Failure failure = failsWith(FailureKind.TRANSIENT, "ETCD_UNREACHABLE", () -> etcd.status(MEMBER));

        assertThat(failure.why()).contains("etcd member cp1", "cannot be reached by SSH");
    }

    @Test
    void aWayThatWillNeverBeThereKeepsItsOwnName() {
        JetcdCluster etcd = new JetcdCluster(List.of(CP1), node -> NONE, node -> {
            throw StepFailure.of(FailureKind.PERMANENT, "HOST_KEY_CHANGED", "the key of cp1 changed", "look");
        });

        failsWith(FailureKind.PERMANENT, "HOST_KEY_CHANGED", () -> etcd.status(MEMBER));
    }

    @Test
    void everyControlPlaneIsAskedForTheListAndEachSilenceIsTold() {
        List<NodeName> dialled = new ArrayList<>();
        List<NodeName> nodes = List.of(new NodeName("cp1"), new NodeName("cp2"), new NodeName("cp3"));
        JetcdCluster etcd = new JetcdCluster(nodes, node -> NONE, node -> {
            dialled.add(node);
            throw StepFailure.of(FailureKind.TRANSIENT, "UNREACHABLE", node + " is dark", "look");
        });

        Failure failure = failsWith(FailureKind.TRANSIENT, "ETCD_UNREACHABLE", etcd::members);

        assertThat(dialled).isEqualTo(nodes);
        assertThat(failure.why()).contains("cp1 is dark", "cp2 is dark", "cp3 is dark");
    }

    @Test
    void aMemberThatIsNoControlPlaneIsNamed() {
        JetcdCluster etcd = new JetcdCluster(List.of(CP1), node -> NONE, node -> new InetSocketAddress(0));

        Failure failure =
                failsWith(FailureKind.PERMANENT, "ETCD_MEMBER_UNKNOWN", () -> etcd.status(member("stranger")));

        assertThat(failure.why()).contains("stranger", "cp1");
    }

    @Test
    void aMemberThatHasNotStartedIsNamedByItsPeerAddress() {
        JetcdCluster etcd = new JetcdCluster(List.of(CP1), node -> NONE, node -> new InetSocketAddress(0));

        Failure failure = failsWith(FailureKind.TRANSIENT, "ETCD_UNREACHABLE", () -> etcd.status(member("")));

        assertThat(failure.why()).contains("https://10.0.0.1:2380", "has not started");
    }

    @Test
    void certificatesThatAreNoneAreNamedWithTheirNode() {
        JetcdCluster etcd = new JetcdCluster(
                List.of(CP1),
                node -> new EtcdCredentials("no", "certificate", "at all"),
                node -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));

        Failure failure = failsWith(FailureKind.PERMANENT, "ETCD_CERTIFICATES", () -> etcd.status(MEMBER));

        assertThat(failure.why()).contains("cp1").doesNotContain("at all");
    }

    @Test
    void aNodeWithoutTheHealthCheckClientIsNamed() {
        FakeWorld world = new FakeWorld();
        world.host("cp1").file("/etc/kubernetes/pki/etcd/ca.crt", "ca");

        Failure failure =
                failsWith(FailureKind.PERMANENT, "ETCD_CERTIFICATES", () -> EtcdCredentials.of(world.host("cp1")));

        assertThat(failure.why()).contains("/etc/kubernetes/pki/etcd/healthcheck-client.crt", "cp1");
    }

    @Test
    void credentialsAreNeverPrinted() {
        assertThat(new EtcdCredentials("ca", "crt", "private").toString()).doesNotContain("private", "crt");
    }

    private static JetcdCluster through(FakeMember fake) {
        return new JetcdCluster(List.of(CP1), node -> fake.credentials(), node -> fake.address());
    }

    private static EtcdMember member(String name) {
        return new EtcdMember("1", name, List.of("https://10.0.0.1:2380"), List.of(), false);
    }
}
