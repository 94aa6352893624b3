package dev.belay.activities.steps.member;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.etcd.MemberFolders;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts a new member in the place of a dead one, on the same host and with the same addresses: the dead one leaves the list, a learner
 * takes its place, receives what the others have, and only then gets its vote, so that no moment needs it for quorum. What the dead one left is
 * kept beside the new data. A member that was removed never joins again, so this cannot be undone and its runbook asks first.
 */
public final class ReplaceMember extends DeclaredStep<ReplaceMember.Input, ReplaceMember.Output> {

    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration JOINING = Duration.ofMinutes(30);
    /** A kubelet waits up to five minutes before it starts an API server anew that ended again and again. */
    private static final Duration SERVING = Duration.ofMinutes(10);

    public record Input(
            @Doc("The host whose member is dead: a control plane, or a host of an external etcd")
            String node) {}

    public record Output(
            @Doc("Id of the new member, unsigned") String member,

            @Doc("Where what the dead member left is kept; empty when it left nothing")
            String before) {}

    public ReplaceMember() {
        super(
                "etcd.replaceMember",
                "Replaces one dead etcd member by a new one on the same host, as a learner first",
                Input.class,
                Output.class,
                Traits.cluster("1h", "3m").effect("etcd member replaced"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        MemberPlace place = MemberPlace.of(context, input.node());
        MemberProcess process = place.process();
        MemberFolders folders = MemberFolders.of(context.mark(), place.host(), place.data());
        if (!process.isHeld()) {
            if (problems(context).isEmpty()) {
                return Done.already(output(context, place, folders), "etcd member " + place.name() + " is well");
            }
            MemberFolders.requireRenamable(place.host(), place.data());
            OtherMembers.requireSilent(context, place);
            OtherMembers.requireWell(context, place);
        }
        if (!process.joins()) {
            enlist(context, place, folders);
        }
        process.awaitStarted();
        join(context, place);
        await(context, place, SERVING).until(() -> standing(context));
        process.release();
        return replaced(place, output(context, place, folders));
    }

    /** From a dead member to one that is told to join. Until then, whoever bears the name is the dead one. */
    private static void enlist(StepContext context, MemberPlace place, MemberFolders folders) {
        place.process().stop();
        List<EtcdMember> others = OtherMembers.requireWell(context, place);
        folders.makeRoom(place.process().user());
        place.member(context).ifPresent(context.etcd()::remove);
        context.etcd().addLearner(place.peerUrls());
        place.process().tellToJoin(place.members(others));
    }

    private static Done<Output> replaced(MemberPlace place, Output output) {
        return Done.done(
                output,
                "etcd member " + place.name() + " is new, has all that the others have, and votes"
                        + (output.before().isEmpty() ? "" : "; what the dead one left is " + output.before()));
    }

    /** A learner that is behind is not promoted: it is asked for again and again. */
    private static void join(StepContext context, MemberPlace place) {
        await(context, place, JOINING).until(() -> {
            place.member(context).filter(EtcdMember::learner).ifPresent(context.etcd()::promote);
            return problems(context);
        });
    }

    private static List<String> problems(StepContext context) {
        return EtcdPicture.take(context.etcd()).problems(context.inventory().etcdMembers());
    }

    private static List<String> standing(StepContext context) {
        return Stream.concat(problems(context).stream(), ControlPlanes.notReady(context).stream())
                .toList();
    }

    private static Await await(StepContext context, MemberPlace place, Duration limit) {
        return new Await(
                context,
                limit,
                PAUSE,
                "ETCD_MEMBER_DOWN",
                "look at the log of etcd, " + place.process().log() + " of " + place.name()
                        + ", then retry: it goes on where it was");
    }

    private static Output output(StepContext context, MemberPlace place, MemberFolders folders) {
        String id = place.member(context).map(EtcdMember::id).orElse("");
        return new Output(id, folders.isThere(folders.before()) ? folders.before() : "");
    }
}
