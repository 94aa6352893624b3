package dev.belay.activities.contract;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a member leaves three members of etcd for good and another takes its place: the twin's and real ones. */
public abstract class EtcdMembershipContract extends EtcdContract {

    /** Ends a member at once. */
    protected abstract void stop(String name);

    /** Starts a member with the data it has. */
    protected abstract void start(String name);

    /** Removes the data of a member that is stopped. */
    protected abstract void lose(String name);

    /** Starts a member without data, which is to join the others. */
    protected abstract void join(String name);

    @Test
    void aDeadMemberGivesItsPlaceToALearnerThatVotesOnceItHasWhatTheOthersHave() {
        EtcdMember dead = member("cp2");
        stop("cp2");
        lose("cp2");

        await("the dead one to be removed", () -> removed(dead));
        etcd().remove(dead);
        assertThat(list()).extracting(EtcdMember::name).containsExactly("cp1", "cp3");
        write();

        await("a place for a learner", () -> added(dead.peerUrls()));
        etcd().addLearner(dead.peerUrls());
        EtcdMember place = unstarted();
        assertThat(place.learner()).isTrue();
        assertThat(place.peerUrls()).isEqualTo(dead.peerUrls());
        assertThat(place.id()).isNotEqualTo(dead.id());
        failsWith(FailureKind.TRANSIENT, "ETCD_LEARNER_BEHIND", () -> etcd().promote(place));
        assertThat(failsWith(FailureKind.PERMANENT, "ETCD_REFUSED", () -> etcd().addLearner(
                                        List.of("https://127.0.0.1:9")))
                        .why())
                .contains("too many learner members in cluster");

        join("cp2");
        await("the learner to have its name", () -> member("cp2").learner() && serves("cp2"));
        EtcdMember learner = member("cp2");
        assertThat(learner.id()).isEqualTo(place.id());
        assertThat(etcd().status(learner).learner()).isTrue();
        assertThat(etcd().status(learner).leaderId())
                .isEqualTo(etcd().status(member("cp1")).leaderId());

        await("the learner to vote", () -> promoted(learner));
        etcd().promote(learner);
        await("one cluster", () -> problems().isEmpty());
        assertThat(etcd().status(learner).learner()).isFalse();
    }

    @Test
    void whatWasRemovedNeverComesBackWithTheDataItHad() {
        EtcdMember gone = member("cp3");
        stop("cp3");
        await("it to be removed", () -> removed(gone));

        start("cp3");
        write();
        assertThat(list()).extracting(EtcdMember::name).doesNotContain("cp3");
        failsWith(FailureKind.TRANSIENT, "ETCD_UNREACHABLE", () -> etcd().status(gone));

        stop("cp3");
        lose("cp3");
        await("a place", () -> added(gone.peerUrls()));
        join("cp3");
        await("it to vote", () -> promoted(member("cp3")));
        await("one cluster", () -> problems().isEmpty());
    }

    @Test
    void noMemberIsRemovedThatTheOthersNeedForQuorum() {
        EtcdMember needed = member("cp2");
        stop("cp3");
        await("the others to serve", () -> serves("cp1") && serves("cp2"));

        assertThat(failsWith(FailureKind.TRANSIENT, "ETCD_UNREACHABLE", () -> etcd().remove(needed))
                        .why())
                .contains("etcdserver: unhealthy cluster");

        start("cp3");
        await("one cluster", () -> problems().isEmpty());
    }

    private boolean removed(EtcdMember member) {
        etcd().remove(member);
        return true;
    }

    /** Right after a member went, etcd may not be sure yet that the others see each other. */
    private boolean added(List<String> peerUrls) {
        etcd().addLearner(peerUrls);
        return true;
    }

    private boolean promoted(EtcdMember learner) {
        etcd().promote(learner);
        return true;
    }

    private EtcdMember unstarted() {
        return list().stream()
                .filter(member -> member.name().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private List<EtcdMember> list() {
        return etcd().members();
    }

    private List<String> problems() {
        try {
            return EtcdPicture.take(etcd())
                    .problems(names().stream().map(NodeName::new).toList());
        } catch (StepFailure notYet) {
            return List.of(notYet.failure().why());
        }
    }
}
