package dev.belay.activities.steps.space;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdAlarm;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EtcdQuota;
import dev.belay.activities.steps.Nothing;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends the alarm NOSPACE of every member, once the database of each is below its quota: etcd raises it again at the next write otherwise. An
 * alarm CORRUPT stays, and stops it: that is for a person to judge. ({@code etcdctl alarm disarm} ends all alarms alike.)
 */
public final class DisarmEtcd extends DeclaredStep<Nothing, DisarmEtcd.Output> {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    public record Output(
            @Doc("Members whose alarm was ended") List<String> members) {}

    public DisarmEtcd() {
        super(
                "etcd.disarm",
                "Ends the alarm NOSPACE of every etcd member, once the database of each is below its quota",
                Nothing.class,
                Output.class,
                Traits.cluster("2m", "2s").effect("etcd alarms disarmed"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        Space space = Space.of(context).requireWell();
        requireRoom(context, space);
        List<String> disarmed = new ArrayList<>();
        for (EtcdAlarm alarm : space.full()) {
            EtcdMember member = space.picture().members().stream()
                    .filter(each -> each.id().equals(alarm.memberId()))
                    .findFirst()
                    .orElseThrow(space::silent);
            context.etcd().disarm(member);
            disarmed.add(member.name());
        }
        new Await(
                        context,
                        LIMIT,
                        PAUSE,
                        "ETCD_STILL_FULL",
                        "make more room: compact with a smaller margin, defragment, or raise the quota")
                .until(() -> Space.of(context).full().stream()
                        .map(alarm -> "member " + alarm.memberId() + " has raised NOSPACE again")
                        .toList());
        return disarmed.isEmpty()
                ? Done.already(new Output(disarmed), "no alarm NOSPACE is raised")
                : Done.done(new Output(disarmed), "NOSPACE is ended for " + String.join(", ", disarmed));
    }

    private static void requireRoom(StepContext context, Space space) {
        List<String> full = new ArrayList<>();
        space.picture().statuses().forEach((name, status) -> {
            long quota = EtcdQuota.of(context, name);
            if (status.dbSize() >= quota) {
                full.add("the database of " + name + " has " + status.dbSize() + " bytes, its quota is " + quota + ", "
                        + status.dbSizeInUse() + " are in use");
            }
        });
        if (!full.isEmpty()) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "ETCD_STILL_FULL",
                    Await.named(full),
                    "compact with a smaller margin and defragment; where what is in use fills the quota, find what fills it, or raise"
                            + " --quota-backend-bytes in every manifest and in kubeadm-config");
        }
    }
}
