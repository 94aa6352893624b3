package dev.belay.activities.steps.downgrade;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.Undoable;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the members go back a minor, as {@code etcdctl downgrade enable} does, and waits until the data of every member are written for it:
 * before that an older etcd does not start on them. No member is restarted. Undoing cancels it, which etcd allows while a member is still new.
 */
public final class EnableDowngrade extends DeclaredStep<EnableDowngrade.Input, EnableDowngrade.Output>
        implements Undoable<EnableDowngrade.Input, EnableDowngrade.Output> {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    public record Input(
            @Doc("etcd's minor to go back to, such as 3.5") String to) {}

    public record Output(
            @Doc("Members that can be taken back now") List<String> members) {}

    public EnableDowngrade() {
        super(
                "etcd.enableDowngrade",
                "Lets etcd's members go back to the minor before, and waits until the data of all are written for it",
                Input.class,
                Output.class,
                Traits.cluster("5m", "5s").effect("etcd downgrade enabled"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        EtcdMinor target = EtcdMinor.parse(input.to());
        Members members = Members.of(context, target);
        if (members.ahead().isEmpty()) {
            return Done.already(output(members), "every member is of etcd " + target);
        }
        if (!members.notReady().isEmpty() && !members.isEnabled()) {
            enable(context, target, members);
        }
        await(context, target, "DOWNGRADE_NOT_READY", () -> Members.of(context, target)
                .notReady());
        return Done.done(
                output(members), "etcd may go back to " + target + ": the data of every member are written for it");
    }

    /** The answer may be lost after the effect; a second one is refused then. */
    private static void enable(StepContext context, EtcdMinor target, Members members) {
        if (!members.problems().isEmpty()) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "ETCD_UNHEALTHY",
                    Await.named(members.problems()),
                    "heal etcd first, then retry");
        }
        try {
            context.etcd().enableDowngrade(target.toString());
        } catch (StepFailure e) {
            if (!Members.of(context, target).isEnabled()) {
                throw e;
            }
        }
    }

    @Override
    public String undo(Input input, @Nullable Output output, StepContext context) {
        EtcdMinor target = EtcdMinor.parse(input.to());
        if (Members.of(context, target).ahead().isEmpty()) {
            return "every member is of etcd " + target + ": there is nothing to cancel";
        }
        context.etcd().cancelDowngrade();
        await(
                context,
                target,
                "DOWNGRADE_NOT_CANCELLED",
                () -> Members.of(context, target).isEnabled() ? List.of("the downgrade is still enabled") : List.of());
        return "the downgrade of etcd is cancelled";
    }

    private static void await(StepContext context, EtcdMinor target, String code, Supplier<List<String>> missing) {
        new Await(context, LIMIT, PAUSE, code, "look at the log of etcd's leader for \"downgrade\" and " + target)
                .until(missing);
    }

    private static Output output(Members members) {
        return new Output(List.copyOf(members.ahead().keySet()));
    }
}
