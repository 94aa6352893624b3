package dev.belay.activities.steps.space;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdAlarm;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.model.run.FailureKind;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The members while they may be out of space: NOSPACE is what is being mended, anything else that is wrong stops it. */
record Space(EtcdPicture picture, List<String> problems) {

    private static final String NOSPACE = "NOSPACE";
    private static final long MEGABYTE = 1 << 20;

    static Space of(StepContext context) {
        EtcdPicture picture = EtcdPicture.take(context.etcd());
        return new Space(
                picture, picture.without(NOSPACE).problems(context.inventory().etcdMembers()));
    }

    /** Fails when anything but NOSPACE is wrong: what follows takes a member's time or its history away. */
    Space requireWell() {
        if (!problems.isEmpty()) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION, "ETCD_UNHEALTHY", Await.named(problems), "heal etcd first, then retry");
        }
        return this;
    }

    /** Alarms NOSPACE that are raised. */
    List<EtcdAlarm> full() {
        return picture.alarms().stream()
                .filter(alarm -> alarm.type().equals(NOSPACE))
                .toList();
    }

    String alarmsOf(String memberId) {
        return picture.alarms().stream()
                .filter(alarm -> alarm.memberId().equals(memberId))
                .map(EtcdAlarm::type)
                .collect(Collectors.joining(", "));
    }

    MemberStatus status(EtcdMember member) {
        return Objects.requireNonNull(picture.statuses().get(member.name()), "a well member has said how it is");
    }

    StepFailure silent() {
        return StepFailure.of(
                FailureKind.TRANSIENT,
                "ETCD_UNREACHABLE",
                "no etcd member answers: " + picture.unreachable(),
                "look at the etcd static pods");
    }

    static String megabytes(long bytes) {
        return Math.round((double) bytes / MEGABYTE) + " MiB";
    }
}
