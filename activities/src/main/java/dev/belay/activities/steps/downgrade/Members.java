package dev.belay.activities.steps.downgrade;

import dev.belay.activities.StepContext;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.steps.EtcdPicture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The members in the middle of a downgrade: some are old already, the others still new. */
record Members(EtcdPicture picture, List<String> problems, EtcdMinor target) {

    static Members of(StepContext context, EtcdMinor target) {
        EtcdPicture picture = EtcdPicture.take(context.etcd());
        return new Members(picture, picture.problems(context.inventory().etcdMembers()), target);
    }

    /** Statuses of the members that are not of the target's minor. */
    Map<String, MemberStatus> ahead() {
        Map<String, MemberStatus> ahead = new TreeMap<>(picture.statuses());
        ahead.values().removeIf(status -> target.isOf(status.version()));
        return ahead;
    }

    Optional<String> version(String member) {
        return Optional.ofNullable(picture.statuses().get(member)).map(MemberStatus::version);
    }

    /** Members that are neither of the target's minor nor of the next. */
    List<String> foreign() {
        return ahead().entrySet().stream()
                .filter(member -> !target.next().isOf(member.getValue().version()))
                .map(member -> member.getKey() + " runs " + member.getValue().version())
                .toList();
    }

    boolean isEnabled() {
        return picture.statuses().values().stream().anyMatch(status -> target.isOf(status.downgradeTarget()));
    }

    /** What is missing until an older program can start on the data of every member. */
    List<String> notReady() {
        List<String> missing = new ArrayList<>();
        ahead().forEach((name, status) -> {
            if (!target.isOf(status.storageVersion())) {
                missing.add("the data of etcd member " + name + " are written for " + status.storageVersion()
                        + ", not for " + target);
            }
        });
        return missing;
    }
}
