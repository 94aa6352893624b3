package dev.belay.activities.steps.member;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The members without the one that is dead, or is being replaced. They hold quorum, or etcd would not have told who is a member. */
record OtherMembers(EtcdPicture all, MemberPlace place) {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int LOOKS = 6;

    static OtherMembers of(StepContext context, MemberPlace place) {
        return new OtherMembers(EtcdPicture.take(context.etcd()), place);
    }

    List<EtcdMember> list() {
        return all.members().stream().filter(member -> !place.isOf(member)).toList();
    }

    /** The one that is not among them; empty when it was removed. */
    Optional<EtcdMember> left() {
        return all.members().stream()
                .filter(member -> member.name().equals(place.name()))
                .findFirst();
    }

    /** Fails unless every other member is well: with one away there is none to spare among three. */
    static OtherMembers requireWell(StepContext context, MemberPlace place) {
        new Await(
                        context,
                        LIMIT,
                        PAUSE,
                        "ETCD_UNHEALTHY",
                        "one dead member can be replaced while all others are well: heal those first, then retry")
                .until(() -> of(context, place).problems(context));
        return of(context, place);
    }

    private List<String> problems(StepContext context) {
        return all.without(place::isOf)
                .problems(ControlPlanes.of(context).stream()
                        .filter(node -> !node.equals(place.host().node()))
                        .toList());
    }

    /** Fails when the member answers in half a minute: that one is restarting, or was given up too early. */
    static void requireSilent(StepContext context, MemberPlace place) {
        for (int look = 0; look < LOOKS; look++) {
            MemberStatus status = of(context, place).all.statuses().get(place.name());
            if (status != null) {
                throw StepFailure.of(
                        FailureKind.PRECONDITION,
                        "MEMBER_ALIVE",
                        "etcd member " + place.name() + " answers: version " + status.version() + " at revision "
                                + status.revision(),
                        "a member that answers is not replaced; if it ends again and again, look at its log in /var/log/pods"
                                + " and retry while it is down");
            }
            context.heartbeat().run();
            context.clock().sleep(PAUSE);
        }
    }
}
