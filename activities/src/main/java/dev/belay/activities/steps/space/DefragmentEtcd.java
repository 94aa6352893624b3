package dev.belay.activities.steps.space;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EtcdQuota;
import dev.belay.activities.steps.Nothing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Gives free pages of the members' database files back, one member at a time, the leader last after it has handed over: a member answers
 * nobody while its file is rewritten. Each begins only while every member is well, since a defragmentation beside one that is being sent a
 * snapshot has corrupted data (etcd before 3.5.23 and 3.6.5, etcd-io/etcd#20653). A member with little to give back is left alone.
 */
public final class DefragmentEtcd extends DeclaredStep<Nothing, DefragmentEtcd.Output> {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int WORTH_A_TENTH = 10;
    private static final double NEARLY_FULL = 0.8;

    public record Output(
            @Doc("One line for each member: size before and after")
            List<String> members) {}

    public DefragmentEtcd() {
        super(
                "etcd.defragment",
                "Gives the free pages of every etcd member's database back, one member at a time, the leader last",
                Nothing.class,
                Output.class,
                Traits.cluster("2h", "1m").effect("etcd defragmented"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        List<String> lines = new ArrayList<>();
        boolean any = false;
        for (EtcdMember member : order(context)) {
            MemberStatus before = Space.of(context).requireWell().status(member);
            if (!isWorthIt(context, member, before)) {
                lines.add(member.name() + " stays at " + Space.megabytes(before.dbSize()));
                continue;
            }
            any = true;
            lead(context, member, before);
            context.etcd().defragment(member);
            awaitWell(context);
            long after = context.etcd().status(member).dbSize();
            lines.add(member.name() + " " + Space.megabytes(before.dbSize()) + " to " + Space.megabytes(after));
        }
        Output output = new Output(lines);
        String words = String.join("; ", lines);
        return any ? Done.done(output, words) : Done.already(output, words);
    }

    private static List<EtcdMember> order(StepContext context) {
        Space space = Space.of(context).requireWell();
        Optional<String> leader = space.picture().leader().map(EtcdMember::id);
        return space.picture().members().stream()
                .sorted(Comparator.comparing((EtcdMember member) ->
                                leader.filter(member.id()::equals).isPresent())
                        .thenComparing(EtcdMember::name))
                .toList();
    }

    /** A member without writes does not count pages as free that a compaction freed: one that is nearly full is always worth it. */
    private static boolean isWorthIt(StepContext context, EtcdMember member, MemberStatus status) {
        return (status.dbSize() - status.dbSizeInUse()) * WORTH_A_TENTH > status.dbSize()
                || status.dbSize() > EtcdQuota.of(context, member.name()) * NEARLY_FULL;
    }

    /** The leader hands over first, so that its silence is not an election's. */
    private static void lead(StepContext context, EtcdMember member, MemberStatus status) {
        if (!status.leaderId().equals(member.id())) {
            return;
        }
        Optional<EtcdMember> other = context.etcd().members().stream()
                .filter(each -> !each.id().equals(member.id()) && !each.learner())
                .findFirst();
        other.ifPresent(to -> Leadership.move(context, to));
    }

    private static void awaitWell(StepContext context) {
        new Await(
                        context,
                        LIMIT,
                        PAUSE,
                        "ETCD_UNHEALTHY",
                        "look at the etcd static pods, then retry: it goes on with the next member")
                .until(() -> Space.of(context).problems());
    }
}
