package dev.belay.activities.steps.member;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.etcd.MemberFolders;
import java.util.List;

/**
 * Whether one member is dead and can be replaced on its own host: it is silent for half a minute, all others are well, the node can be
 * reached, and its data can be set aside. Where quorum is lost etcd does not answer: that is a restore.
 */
public final class CheckDeadMember extends DeclaredStep<CheckDeadMember.Input, CheckDeadMember.Output> {

    public record Input(
            @Doc("The host whose member is dead: a control plane, or a host of an external etcd")
            String node) {}

    public record Output(
            @Doc("Id of the dead member, unsigned; empty when it is on the list no more")
            String member,

            @Doc("The members that are well") List<String> others) {}

    public CheckDeadMember() {
        super(
                "check.deadMember",
                "Looks whether one etcd member is dead while all others are well, and can be replaced where it was",
                Input.class,
                Output.class,
                Traits.cluster("5m", "35s"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        MemberPlace place = MemberPlace.of(context, input.node());
        MemberFolders.requireRenamable(place.host(), place.data());
        OtherMembers.requireSilent(context, place);
        List<EtcdMember> others = OtherMembers.requireWell(context, place);
        Output output = new Output(
                place.member(context).map(EtcdMember::id).orElse(""),
                others.stream().map(EtcdMember::name).toList());
        return Done.done(
                output,
                "etcd member " + place.name()
                        + (output.member().isEmpty() ? " is on the list no more; " : " gives no answer; ")
                        + String.join(", ", output.others()) + " are well");
    }
}
