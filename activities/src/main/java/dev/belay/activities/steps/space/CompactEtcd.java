package dev.belay.activities.steps.space;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.MemberHash;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.model.run.FailureKind;

/**
 * Lets etcd's history go up to a margin before the present: a watch or a paged list that is further behind must begin anew, so that the
 * margin is never nothing. The API servers compact every five minutes by themselves, but while NOSPACE is raised they cannot: they would have
 * to write when they did. Pages that become free stay in the file until it is defragmented, and a member that takes no writes does not yet
 * count them as free.
 */
public final class CompactEtcd extends DeclaredStep<CompactEtcd.Input, CompactEtcd.Output> {

    public record Input(
            @Doc("How many revisions of history stay, at least 1")
            long margin) {}

    public record Output(
            @Doc("Everything before this revision that is no longer the present is gone")
            long revision) {}

    public CompactEtcd() {
        super(
                "etcd.compact",
                "Lets etcd's history go, up to a margin of revisions before the present",
                Input.class,
                Output.class,
                Traits.cluster("30m", "20s").effect("etcd compacted"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        if (input.margin() < 1) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "MARGIN_TOO_SMALL",
                    "a margin of " + input.margin() + " revisions would end every watch",
                    "give at least 1; 1000 are some minutes of a small cluster");
        }
        Space space = Space.of(context).requireWell();
        long target = space.picture().revision() - input.margin();
        long gone = space.picture().hashes().values().stream()
                .mapToLong(MemberHash::compactRevision)
                .max()
                .orElse(0);
        if (target <= gone) {
            return Done.already(
                    new Output(gone),
                    "history up to revision " + gone + " is gone already, which leaves less than the margin");
        }
        context.etcd().compact(target);
        return Done.done(new Output(target), "history up to revision " + target + " is gone");
    }
}
