package dev.belay.activities.contract;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.activities.StepClock;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdAlarm;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberHash;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.etcd.ScratchMember;
import dev.belay.activities.etcd.SnapshotReceipt;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link EtcdCluster} does, the twin's and the real one. The cluster has three members, all up, whose names sort as
 * {@link #names()} gives them.
 */
public abstract class EtcdClusterContract {

    private static final Pattern UNSIGNED = Pattern.compile("[1-9][0-9]{0,19}");
    private static final Pattern VERSION = Pattern.compile("3\\.\\d+\\.\\d+");

    protected abstract EtcdCluster etcd();

    /** The three members' names, sorted. */
    protected abstract List<String> names();

    /** Writes one key, so that the revision goes on. */
    protected abstract void write();

    /** Ends a member at once. */
    protected abstract void stop(String member);

    /** Starts it again; it may take a while until it answers. Does nothing when it is up. */
    protected abstract void start(String member);

    /** Raises an alarm of this member. */
    protected abstract void raise(String member, String alarm);

    /** Takes every alarm back. */
    protected abstract void disarm();

    /** The time of the cluster's world. */
    protected abstract StepClock clock();

    @AfterEach
    void heal() {
        names().forEach(this::start);
        await("every member to answer", () -> etcd().members().stream().allMatch(this::answers));
        disarm();
    }

    @Test
    void membersComeSortedByNameAndHaveStarted() {
        List<EtcdMember> members = etcd().members();

        assertThat(members).extracting(EtcdMember::name).containsExactlyElementsOf(names());
        assertThat(members).allSatisfy(member -> {
            assertThat(member.id()).matches(UNSIGNED);
            assertThat(member.peerUrls()).isNotEmpty().allMatch(url -> url.startsWith("https://"));
            assertThat(member.clientUrls()).isNotEmpty().allMatch(url -> url.startsWith("https://"));
            assertThat(member.learner()).isFalse();
        });
        assertThat(members).extracting(EtcdMember::id).doesNotHaveDuplicates();
    }

    @Test
    void everyMemberTellsItsOwnStatusOfOneCluster() {
        List<EtcdMember> members = etcd().members();

        List<MemberStatus> statuses = members.stream().map(etcd()::status).toList();

        assertThat(statuses)
                .extracting(MemberStatus::memberId)
                .containsExactlyElementsOf(members.stream().map(EtcdMember::id).toList());
        assertThat(statuses)
                .extracting(MemberStatus::clusterId)
                .containsOnly(statuses.get(0).clusterId());
        assertThat(statuses)
                .extracting(MemberStatus::leaderId)
                .containsOnly(statuses.get(0).leaderId());
        assertThat(members).extracting(EtcdMember::id).contains(statuses.get(0).leaderId());
        assertThat(statuses).allSatisfy(status -> {
            assertThat(status.version()).matches(VERSION);
            assertThat(status.raftAppliedIndex()).isPositive().isLessThanOrEqualTo(status.raftIndex());
            assertThat(status.dbSizeInUse()).isPositive().isLessThanOrEqualTo(status.dbSize());
            assertThat(status.learner()).isFalse();
            assertThat(status.errors()).isEmpty();
        });
    }

    @Test
    void aWriteMovesTheRevisionOfEveryMember() {
        long before = revision(member(0));

        write();

        for (EtcdMember member : etcd().members()) {
            await(member.name() + " to catch up", () -> revision(member) > before);
        }
    }

    @Test
    void membersHaveOneHashAtOneRevisionAndItLasts() {
        write();
        long revision = revision(member(0));
        awaitAll(revision);

        List<MemberHash> hashes = etcd().members().stream()
                .map(member -> etcd().hash(member, revision))
                .toList();
        write();

        assertThat(hashes).containsOnly(hashes.get(0));
        assertThat(etcd().hash(member(1), revision)).isEqualTo(hashes.get(0));
    }

    @Test
    void theHashChangesWithTheKeys() {
        write();
        long first = revision(member(0));
        write();
        awaitAll(first + 1);

        assertThat(etcd().hash(member(0), first + 1).hash())
                .isNotEqualTo(etcd().hash(member(0), first).hash());
    }

    @Test
    void keysAreCountedByTheTopOfTheirNamesAndEveryMemberCountsAlike() {
        write();
        long revision = revision(member(0));
        awaitAll(revision);

        Map<String, Long> counts = etcd().counts(member(0), revision);

        assertThat(counts).isNotEmpty().allSatisfy((prefix, count) -> {
            assertThat(prefix).startsWith("/registry/").matches("/[^/]+/[^/]+");
            assertThat(count).isPositive();
        });
        assertThat(etcd().counts(member(1), revision)).isEqualTo(counts);
        failsWith(FailureKind.TRANSIENT, "ETCD_REVISION", () -> etcd().counts(member(0), revision + 1_000_000));
    }

    @Test
    void everyKeyWasCreatedSinceTheBeginningAndNoneSinceTheFuture() {
        write();
        long revision = revision(member(0));
        long keys = etcd().counts(member(0), revision).values().stream()
                .mapToLong(Long::longValue)
                .sum();

        List<String> all = etcd().createdSince(member(0), 0, Integer.MAX_VALUE);

        assertThat(all).isSorted().doesNotHaveDuplicates().hasSizeBetween((int) keys - 5, (int) keys + 5);
        assertThat(all).allMatch(key -> key.startsWith("/registry/"));
        assertThat(etcd().createdSince(member(0), 0, 1)).isEqualTo(all.subList(0, 1));
        assertThat(etcd().createdSince(member(0), revision + 1_000_000, 1)).isEmpty();
    }

    @Test
    void aThrowAwayMemberThatIsNotThereIsUnreachable() {
        try (ScratchMember nobody = etcd().scratch(new NodeName(names().get(0)), 9)) {
            failsWith(FailureKind.TRANSIENT, "ETCD_UNREACHABLE", nobody::status);
        }
    }

    @Test
    void thereIsNoHashOfTheFuture() {
        long ahead = revision(member(0)) + 1_000_000;

        Failure failure = failsWith(FailureKind.TRANSIENT, "ETCD_REVISION", () -> etcd().hash(member(2), ahead));

        assertThat(failure.why()).contains(names().get(2));
    }

    @Test
    void aSnapshotArrivesWholeWithItsTrailerAndItsReceiptIsTrue() throws IOException {
        write();
        EtcdMember member = member(1);
        long before = revision(member);
        ByteArrayOutputStream file = new ByteArrayOutputStream();

        SnapshotReceipt receipt = etcd().snapshot(member, file);

        byte[] content = file.toByteArray();
        assertThat(receipt.member()).isEqualTo(member.name());
        assertThat(receipt.revision()).isGreaterThanOrEqualTo(before);
        assertThat(receipt.version()).isEqualTo(etcd().status(member).version());
        assertThat(receipt.bytes()).isEqualTo(content.length);
        assertThat(receipt.sha256()).isEqualTo(HexFormat.of().formatHex(sha256(content)));
        assertThat(Arrays.copyOfRange(content, content.length - 32, content.length))
                .as("the last 32 bytes are the sha256 of the rest")
                .isEqualTo(sha256(Arrays.copyOf(content, content.length - 32)));
    }

    @Test
    void aFullDiskHereIsNoFailureOfEtcd() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };

        assertThatThrownBy(() -> etcd().snapshot(member(0), full))
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device");
        assertThat(answers(member(0))).isTrue();
    }

    @Test
    void aDeadMemberIsNamedAndTheOthersAreStillAsked() {
        List<EtcdMember> members = etcd().members();
        stop(names().get(1));

        Failure failure = failsWith(FailureKind.TRANSIENT, "ETCD_UNREACHABLE", () -> etcd().status(members.get(1)));

        assertThat(failure.why()).contains(names().get(1));
        failsWith(FailureKind.TRANSIENT, "ETCD_UNREACHABLE", () -> etcd().hash(members.get(1), 1));
        failsWith(FailureKind.TRANSIENT, "ETCD_UNREACHABLE", () -> etcd().snapshot(
                        members.get(1), OutputStream.nullOutputStream()));
        await("the others to go on", () -> answers(members.get(0)) && answers(members.get(2)));
    }

    @Test
    void theMemberListSurvivesTheLossOfAnyOneMember() {
        List<EtcdMember> members = etcd().members();
        for (String name : names()) {
            stop(name);

            await("the list without " + name, () -> lists(members));

            start(name);
            await(name + " to be back", () -> answers(members.get(names().indexOf(name))));
        }
    }

    @Test
    void aMemberThatCameBackAnswersAgainAndCatchesUp() {
        EtcdMember lost = member(2);
        stop(lost.name());
        await("a leader among the rest", () -> answers(member(0)));
        long written = writeWhenPossible();

        start(lost.name());

        await(lost.name() + " to catch up", () -> answers(lost) && revision(lost) >= written);
    }

    @Test
    void thereAreNoAlarmsUntilOneIsRaised() {
        assertThat(etcd().alarms()).isEmpty();
        EtcdMember member = member(1);

        raise(member.name(), "NOSPACE");

        await("the alarm to be listed", () -> etcd().alarms().equals(List.of(new EtcdAlarm(member.id(), "NOSPACE"))));
        disarm();
        await("the alarm to be gone", () -> etcd().alarms().isEmpty());
    }

    @Test
    void noOtherMinorThanTheOneBeforeCanBeGoneBackTo() {
        String cluster = minorWithDowngrade();
        int minor = Integer.parseInt(cluster.substring(2));

        for (int other : List.of(minor + 1, minor, minor - 2)) {
            Failure failure =
                    failsWith(FailureKind.PERMANENT, "ETCD_REFUSED", () -> etcd().validateDowngrade("3." + other));
            assertThat(failure.why()).contains("invalid downgrade target version");
        }
        assertThat(failsWith(FailureKind.PERMANENT, "ETCD_REFUSED", () -> etcd().validateDowngrade("back"))
                        .why())
                .contains("wrong downgrade target version format");
        assertThat(etcd().validateDowngrade("3." + (minor - 1))).isEqualTo(cluster);
    }

    @Test
    void whatIsNotUnderWayIsCancelledWithoutAWord() {
        minorWithDowngrade();

        etcd().cancelDowngrade();

        assertThat(etcd().members())
                .allSatisfy(member ->
                        assertThat(etcd().status(member).downgradeTarget()).isEmpty());
    }

    private String minorWithDowngrade() {
        String version = etcd().status(member(0)).version();
        assumeTrue(!version.startsWith("3.4."), "etcd 3.4 cannot be asked about a downgrade");
        return version.substring(0, version.indexOf('.', 2));
    }

    protected final EtcdMember member(int index) {
        return etcd().members().get(index);
    }

    protected final void await(String what, BooleanSupplier condition) {
        for (int look = 0; look < 60; look++) {
            if (condition.getAsBoolean()) {
                return;
            }
            clock().sleep(Duration.ofMillis(500));
        }
        throw new AssertionError("waited in vain for " + what);
    }

    private long writeWhenPossible() {
        write();
        return revision(member(0));
    }

    private void awaitAll(long revision) {
        for (EtcdMember member : etcd().members()) {
            await(member.name() + " to reach revision " + revision, () -> revision(member) >= revision);
        }
    }

    private boolean lists(List<EtcdMember> expected) {
        try {
            return etcd().members().equals(expected);
        } catch (StepFailure electing) {
            return false;
        }
    }

    protected final boolean answers(EtcdMember member) {
        try {
            return !etcd().status(member).leaderId().equals("0");
        } catch (StepFailure notYet) {
            return false;
        }
    }

    private long revision(EtcdMember member) {
        return etcd().status(member).revision();
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
