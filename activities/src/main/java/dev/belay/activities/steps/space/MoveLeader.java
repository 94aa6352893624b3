package dev.belay.activities.steps.space;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.model.run.FailureKind;

/** Hands etcd's leadership to a member that is well and no learner, such as before the leader's node goes down. */
public final class MoveLeader extends DeclaredStep<MoveLeader.Input, MoveLeader.Output> {

    public record Input(
            @Doc("The member that shall lead: its control plane's name")
            String to) {}

    public record Output(@Doc("The member that leads") String leader) {}

    public MoveLeader() {
        super(
                "etcd.moveLeader",
                "Hands the leadership of etcd to a named member",
                Input.class,
                Output.class,
                Traits.cluster("2m", "2s").effect("etcd leader moved"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        Space space = Space.of(context).requireWell();
        EtcdMember to = space.picture().members().stream()
                .filter(member -> member.name().equals(input.to()))
                .findFirst()
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PERMANENT,
                        "ETCD_MEMBER_UNKNOWN",
                        "etcd has no member " + input.to() + "; there are "
                                + space.picture().members().stream()
                                        .map(EtcdMember::name)
                                        .toList(),
                        "name one of them"));
        Output output = new Output(to.name());
        if (Leadership.leads(context, to)) {
            return Done.already(output, to.name() + " leads already");
        }
        Leadership.move(context, to);
        return Done.done(output, to.name() + " leads etcd");
    }
}
