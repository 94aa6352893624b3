package dev.belay.activities.steps.member;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The members without the one that is dead, or is being replaced. They hold quorum, or etcd would not have told who is a member. */
final class OtherMembers {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int LOOKS = 6;

    private OtherMembers() {}

    /** Those there are; fails unless every one is well: with one away there is none to spare among three. */
    static List<EtcdMember> requireWell(StepContext context, MemberPlace place) {
        Predicate<EtcdMember> others = Predicate.not(place::isOf);
        List<NodeName> nodes = context.inventory().etcdMembers().stream()
                .filter(node -> !node.equals(place.host().node()))
                .toList();
        new Await(
                        context,
                        LIMIT,
                        PAUSE,
                        "ETCD_UNHEALTHY",
                        "one dead member can be replaced while all others are well: heal those first, then retry")
                .until(() -> EtcdPicture.take(context.etcd(), others).problems(nodes));
        return context.etcd().members().stream().filter(others).toList();
    }

    /** Fails when the member answers in half a minute: that one is restarting, or was given up too early. */
    static void requireSilent(StepContext context, MemberPlace place) {
        for (int look = 0; look < LOOKS; look++) {
            status(context, place).ifPresent(status -> {
                throw StepFailure.of(
                        FailureKind.PRECONDITION,
                        "MEMBER_ALIVE",
                        "etcd member " + place.name() + " answers: version " + status.version() + " at revision "
                                + status.revision(),
                        "a member that answers is not replaced; if it ends again and again, look at its log in "
                                + place.process().log() + " and retry while it is down");
            });
            context.heartbeat().run();
            context.clock().sleep(PAUSE);
        }
    }

    private static Optional<MemberStatus> status(StepContext context, MemberPlace place) {
        Optional<EtcdMember> member = place.member(context);
        try {
            return member.map(context.etcd()::status);
        } catch (StepFailure silent) {
            return Optional.empty();
        }
    }
}
