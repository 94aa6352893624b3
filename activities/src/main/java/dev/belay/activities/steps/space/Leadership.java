package dev.belay.activities.steps.space;

import dev.belay.activities.StepContext;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.EtcdPicture;
import java.time.Duration;
import java.util.List;

/** Hands the leadership of etcd over, and waits until every member says so. */
final class Leadership {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private Leadership() {}

    static void move(StepContext context, EtcdMember to) {
        context.etcd().moveLeader(to);
        new Await(
                        context,
                        LIMIT,
                        PAUSE,
                        "ETCD_LEADER_STAYED",
                        "look at etcd's log for \"leadership transfer\", then retry")
                .until(() ->
                        leads(context, to) ? List.of() : List.of("etcd member " + to.name() + " does not lead yet"));
    }

    static boolean leads(StepContext context, EtcdMember member) {
        return EtcdPicture.take(context.etcd())
                .leader()
                .filter(leader -> leader.id().equals(member.id()))
                .isPresent();
    }
}
