package dev.belay.activities.steps.member;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.StaticPodShelf;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.etcd.MemberFolders;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Puts a new member in the place of a dead one, on the same control plane and with the same addresses: the dead one leaves the list, a learner
 * takes its place, receives what the others have, and only then gets its vote, so that no moment needs it for quorum. What the dead one left is
 * kept beside the new data. A member that was removed never joins again, so this cannot be undone and its runbook asks first.
 */
public final class ReplaceMember extends DeclaredStep<ReplaceMember.Input, ReplaceMember.Output> {

    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration JOINING = Duration.ofMinutes(30);
    /** A kubelet waits up to five minutes before it starts an API server anew that ended again and again. */
    private static final Duration SERVING = Duration.ofMinutes(10);

    public record Input(
            @Doc("The control plane whose member is dead") String node) {}

    public record Output(
            @Doc("Id of the new member, unsigned") String member,

            @Doc("Where what the dead member left is kept; empty when it left nothing")
            String before) {}

    public ReplaceMember() {
        super(
                "etcd.replaceMember",
                "Replaces one dead etcd member by a new one on the same control plane, as a learner first",
                Input.class,
                Output.class,
                Traits.cluster("1h", "3m").effect("etcd member replaced"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        MemberPlace place = MemberPlace.of(context, input.node());
        MemberFolders folders = MemberFolders.of(context.mark(), place.host(), place.data());
        StaticPodShelf shelf = new StaticPodShelf(context, place.host());
        if (!shelf.holds(MemberPlace.ETCD)) {
            if (problems(context).isEmpty()) {
                return Done.already(output(context, place, folders), "etcd member " + place.name() + " is well");
            }
            MemberFolders.requireRenamable(place.host(), place.data());
            OtherMembers.requireSilent(context, place);
            OtherMembers.requireWell(context, place);
            shelf.takeOut(MemberPlace.ETCD);
        }
        if (StaticPods.of(place.host()).pod(MemberPlace.ETCD).isEmpty()) {
            enlist(context, place, folders, shelf);
        }
        shelf.awaitStarted(MemberPlace.ETCD, Set.of());
        join(context, place);
        await(context, SERVING).until(() -> standing(context));
        place.host().remove(StaticPodShelf.shelved(context.mark(), MemberPlace.ETCD));
        Output output = output(context, place, folders);
        return Done.done(
                output,
                "etcd member " + place.name() + " is new, has all that the others have, and votes"
                        + (output.before().isEmpty() ? "" : "; what the dead one left is " + output.before()));
    }

    /** From a stopped member to a manifest with which a new one joins. Until that is there, whoever bears the name is the dead one. */
    private static void enlist(StepContext context, MemberPlace place, MemberFolders folders, StaticPodShelf shelf) {
        shelf.awaitGone(List.of(MemberPlace.ETCD));
        List<EtcdMember> others = OtherMembers.requireWell(context, place);
        folders.makeRoom();
        place.member(context).ifPresent(context.etcd()::remove);
        context.etcd().addLearner(place.peerUrls());
        JoiningManifest.of(place, others).write();
    }

    /** A learner that is behind is not promoted: it is asked for again and again. */
    private static void join(StepContext context, MemberPlace place) {
        await(context, JOINING).until(() -> {
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

    private static Await await(StepContext context, Duration limit) {
        return new Await(
                context,
                limit,
                PAUSE,
                "ETCD_MEMBER_DOWN",
                "look at the log of etcd in /var/log/pods of the node, then retry: it goes on where it was");
    }

    private static Output output(StepContext context, MemberPlace place, MemberFolders folders) {
        String id = place.member(context).map(EtcdMember::id).orElse("");
        return new Output(id, folders.isThere(folders.before()) ? folders.before() : "");
    }
}
