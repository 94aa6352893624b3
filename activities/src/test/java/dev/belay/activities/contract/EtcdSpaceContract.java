package dev.belay.activities.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.etcd.EtcdAlarm;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.steps.EtcdPicture;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/** How three members of etcd run out of space and come back to writing, and hand their leadership over: the twin's and real ones. */
public abstract class EtcdSpaceContract extends EtcdContract {

    /** Overwrites until a member finds no more room. */
    protected abstract void fill();

    /** Tries once to write as much as what filled it wrote; says whether etcd took it. */
    protected abstract boolean tryToWrite();

    @Test
    void aFullEtcdWritesAgainAfterCompactionDefragmentationAndDisarm() {
        fill();
        await("the alarm", () -> !etcd().alarms().isEmpty());
        assertThat(etcd().alarms()).extracting(EtcdAlarm::type).containsOnly("NOSPACE");
        assertThat(tryToWrite()).isFalse();
        assertThat(EtcdPicture.take(etcd()).problems(List.of())).anyMatch(problem -> problem.contains("NOSPACE"));
        long used = sum(MemberStatus::dbSizeInUse);
        long files = sum(MemberStatus::dbSize);
        long target = etcd().status(members().get(0)).revision() - 1;

        etcd().compact(target);
        etcd().compact(target);

        assertThat(sum(MemberStatus::dbSize)).isEqualTo(files);
        assertThat(tryToWrite()).isFalse();

        etcd().alarms().forEach(alarm -> etcd().disarm(by(alarm)));
        await(
                "the alarm to be raised again",
                () -> !tryToWrite() && !etcd().alarms().isEmpty());

        members().forEach(etcd()::defragment);
        await("all members to serve", () -> names().stream().allMatch(this::serves));
        assertThat(sum(MemberStatus::dbSize)).isLessThan(files / 2);
        assertThat(sum(MemberStatus::dbSizeInUse)).isLessThan(used / 2);
        assertThat(tryToWrite()).isFalse();

        etcd().alarms().forEach(alarm -> etcd().disarm(by(alarm)));

        await("a write to be taken", this::tryToWrite);
        assertThat(etcd().alarms()).isEmpty();
    }

    @Test
    void theLeaderHandsOverToTheMemberThatIsNamed() {
        for (String name : names()) {
            EtcdMember to = member(name);

            etcd().moveLeader(to);

            await(name + " to lead", () -> EtcdPicture.take(etcd())
                    .leader()
                    .filter(leader -> leader.id().equals(to.id()))
                    .isPresent());
            etcd().moveLeader(to);
        }
    }

    private List<EtcdMember> members() {
        return etcd().members();
    }

    private EtcdMember by(EtcdAlarm alarm) {
        return members().stream()
                .filter(member -> member.id().equals(alarm.memberId()))
                .findFirst()
                .orElseThrow();
    }

    private long sum(ToLongFunction<MemberStatus> size) {
        return members().stream().map(etcd()::status).mapToLong(size).sum();
    }
}
