package dev.belay.activities.contract;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.etcd.SnapshotReceipt;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What three members are after their data were made anew of a snapshot, the twin's and real ones. */
public abstract class EtcdRestoreContract extends EtcdContract {

    protected static final long BUMP = 1_000_000_000L;

    protected abstract void stop(String member);

    /** Sets the data of a stopped member aside, and restores it with this token, the revision bumped and marked compacted. */
    protected abstract void restore(String member, byte[] snapshot, String token);

    protected abstract void start(String member);

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    @Test
    void restoredAlikeTheyAreOneOtherClusterBeyondTheBump() throws IOException {
        SnapshotReceipt snapshot = snapshot();
        List<EtcdMember> before = etcd().members();
        String cluster = clusterId("cp1");
        write();

        restoreAll();

        EtcdPicture picture = EtcdPicture.take(etcd());
        assertThat(picture.problems(names().stream().map(NodeName::new).toList()))
                .isEmpty();
        assertThat(picture.revision()).isGreaterThanOrEqualTo(snapshot.revision() + BUMP);
        assertThat(picture.statuses().values())
                .extracting(MemberStatus::clusterId)
                .doesNotContain(cluster)
                .containsOnly(clusterId("cp1"));
        assertThat(picture.members())
                .extracting(EtcdMember::id)
                .doesNotContainAnyElementsOf(before.stream().map(EtcdMember::id).toList());
        assertThat(picture.members())
                .extracting(EtcdMember::peerUrls)
                .isEqualTo(before.stream().map(EtcdMember::peerUrls).toList());
    }

    @Test
    void theyHoldTheKeysOfTheSnapshotAndWhatWasReadBeforeIsCompactedAway() throws IOException {
        SnapshotReceipt snapshot = snapshot();
        Map<String, Long> keys = etcd().counts(member("cp1"), snapshot.revision());
        write();
        write();
        long read = etcd().status(member("cp1")).revision();

        restoreAll();

        long now = EtcdPicture.take(etcd()).revision();
        assertThat(etcd().counts(member("cp3"), now)).isEqualTo(keys);
        assertThat(failsWith(FailureKind.TRANSIENT, "ETCD_REVISION", () -> etcd().hash(member("cp2"), read))
                        .why())
                .contains("compacted");
        write();
        await("a write to arrive", () -> etcd().status(member("cp2")).revision() > now);
    }

    @Test
    void oneThatIsRestoredAloneStandsApartAndTheOthersGoOn() throws IOException {
        snapshot();
        String cluster = clusterId("cp2");
        EtcdMember alone = member("cp1");
        List<EtcdMember> others = List.of(member("cp2"), member("cp3"));
        names().forEach(this::stop);
        restore("cp1", file.toByteArray(), "alone");

        names().forEach(this::start);

        await("the others to go on", () -> others.stream().allMatch(this::serves));
        clock().sleep(Duration.ofSeconds(8));
        assertThat(serves(alone)).isFalse();
        assertThat(others)
                .extracting(member -> etcd().status(member).clusterId())
                .containsOnly(cluster);
    }

    private SnapshotReceipt snapshot() throws IOException {
        write();
        return etcd().snapshot(member("cp2"), file);
    }

    /** All are down before the first is restored, and all come up together. */
    private void restoreAll() {
        names().forEach(this::stop);
        names().forEach(name -> restore(name, file.toByteArray(), "restored"));
        names().forEach(this::start);
        await("every member to serve", () -> names().stream().allMatch(this::serves));
        await("all to have caught up", () -> EtcdPicture.take(etcd())
                .problems(names().stream().map(NodeName::new).toList())
                .isEmpty());
    }

    private String clusterId(String name) {
        return etcd().status(member(name)).clusterId();
    }
}
