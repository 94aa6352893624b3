package dev.belay.activities.contract;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.MemberHash;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * What three members of etcd 3.6 do when they are taken back to 3.5, the twin's and real ones. Source:
 * https://etcd.io/docs/v3.6/downgrades/downgrade_3_6, and what 3.6.16 and 3.5.35 were seen to do.
 */
public abstract class EtcdDowngradeContract extends EtcdContract {

    protected static final String NEW = "3.6";
    protected static final String OLD = "3.5";

    /** Ends a member, and starts it on the same data with the program of a minor. It may end at once. */
    protected abstract void replace(String member, String minor);

    @Test
    void anOlderMemberDoesNotStartUntilADowngradeIsEnabled() {
        write();

        replace("cp1", OLD);

        await("the others to go on", () -> serves("cp2") && serves("cp3"));
        clock().sleep(Duration.ofSeconds(3));
        assertThat(serves("cp1")).isFalse();
    }

    @Test
    void whenItIsEnabledTheStorageVersionOfEveryMemberFallsAndNobodyEnablesItAgain() {
        risen();
        assertThat(etcd().validateDowngrade(OLD)).isEqualTo(NEW);

        etcd().enableDowngrade(OLD);

        await(
                "the storage version to fall",
                () -> all(status -> status.storageVersion().equals("3.5.0")
                        && status.downgradeTarget().equals("3.5.0")));
        assertThat(each(MemberStatus::version)).allMatch(version -> version.startsWith(NEW));
        failsWith(FailureKind.PERMANENT, "ETCD_REFUSED", () -> etcd().enableDowngrade(OLD));
        failsWith(FailureKind.PERMANENT, "ETCD_REFUSED", () -> etcd().validateDowngrade(OLD));
        assertThat(failsWith(FailureKind.PERMANENT, "ETCD_REFUSED", () -> etcd().validateDowngrade("3.4"))
                        .why())
                .contains("downgrade job in progress");
    }

    @Test
    void oneByOneTheMembersGoBackWhileTheyServeAndNoWriteIsLost() {
        long before = newest();
        int written = 0;
        enable();
        for (String name : names()) {
            replace(name, OLD);
            for (int more = 0; more < 5; more++, written++) {
                write();
            }
            await(name + " to serve as " + OLD, () -> serves(name) && is(name, OLD));
            await(
                    "one cluster without a fault",
                    () -> EtcdPicture.take(etcd()).unreachable().isEmpty() && sameHash());
        }

        long expected = before + written;
        await("every write to be there", () -> newest() >= expected);
        assertThat(each(MemberStatus::version)).allMatch(version -> version.startsWith(OLD));
        await("the downgrade to be over", () -> validated("3.4").equals(OLD));
    }

    @Test
    void membersOfBothMinorsServeAndAnOlderOneMayBecomeNewAgain() {
        enable();
        replace("cp1", OLD);
        await("cp1 as " + OLD, () -> serves("cp1") && is("cp1", OLD));
        failsWith(FailureKind.PERMANENT, "ETCD_REFUSED", () -> etcd().enableDowngrade(OLD));
        write();

        replace("cp1", NEW);

        await("cp1 as " + NEW, () -> serves("cp1") && is("cp1", NEW));
        assertThat(each(MemberStatus::storageVersion)).containsOnly("3.5.0");
    }

    @Test
    void cancelledWhileAllAreNewTheStorageVersionRisesAgain() {
        enable();

        etcd().cancelDowngrade();

        await(
                "the storage version to rise",
                () -> all(status -> status.storageVersion().equals("3.6.0")
                        && status.downgradeTarget().isEmpty()));
        assertThat(etcd().validateDowngrade(OLD)).isEqualTo(NEW);
    }

    @Test
    void cancelledWhileOneIsOldTheClusterVersionStaysUntilThatOneIsNewAgain() {
        enable();
        replace("cp3", OLD);
        await("cp3 as " + OLD, () -> serves("cp3") && is("cp3", OLD));

        etcd().cancelDowngrade();

        await("the others to know", () -> all(status -> status.downgradeTarget().isEmpty()));
        clock().sleep(Duration.ofSeconds(6));
        assertThat(etcd().status(member("cp1")).storageVersion()).isEqualTo("3.5.0");
        replace("cp3", NEW);
        await(
                "the storage version to rise",
                () -> serves("cp3") && all(status -> status.storageVersion().equals("3.6.0")));
    }

    /** Members that are young look at their storage version every few seconds. */
    private void risen() {
        await(
                "the storage version of a young cluster to rise",
                () -> all(status -> status.storageVersion().equals("3.6.0")));
    }

    private void enable() {
        risen();
        etcd().enableDowngrade(OLD);
        await(
                "the storage version to fall",
                () -> all(status -> status.storageVersion().equals("3.5.0")));
    }

    private String validated(String minor) {
        try {
            return etcd().validateDowngrade(minor);
        } catch (StepFailure underWay) {
            return "";
        }
    }

    private boolean sameHash() {
        EtcdPicture picture = EtcdPicture.take(etcd());
        Map<String, MemberHash> hashes = picture.hashes();
        return hashes.size() == names().size()
                && hashes.values().stream().distinct().count() == 1;
    }

    private long newest() {
        return EtcdPicture.take(etcd()).statuses().values().stream()
                .mapToLong(MemberStatus::revision)
                .max()
                .orElse(0);
    }

    private boolean is(String name, String minor) {
        return etcd().status(member(name)).version().startsWith(minor + ".");
    }

    private boolean all(Function<MemberStatus, Boolean> look) {
        try {
            return each(look).stream().allMatch(Boolean::booleanValue);
        } catch (StepFailure notYet) {
            return false;
        }
    }

    private <T> List<T> each(Function<MemberStatus, T> look) {
        return names().stream()
                .map(name -> look.apply(etcd().status(member(name))))
                .toList();
    }
}
