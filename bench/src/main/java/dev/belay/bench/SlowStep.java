package dev.belay.bench;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Nothing;
import java.time.Duration;
import java.time.Instant;

/** Says when it begins to act and when it is done, and waits in between as a step that follows a job does. */
final class SlowStep extends DeclaredStep<SlowStep.Input, Nothing> {

    static final String NAME = "bench.slow";
    static final String ACTS = "acts";
    static final String DONE = "done";

    private static final Duration LOOK = Duration.ofMillis(100);

    record Input(@Doc("How long it takes") Duration lasts) {}

    SlowStep() {
        super(
                NAME,
                "Takes its time",
                Input.class,
                Nothing.class,
                Traits.cluster("10m", "10s").effect("time taken"));
    }

    @Override
    public Done<Nothing> run(Input input, StepContext context) {
        Instant begun = context.clock().now();
        say(ACTS, context, begun);
        while (context.clock().now().isBefore(begun.plus(input.lasts()))) {
            context.clock().sleep(LOOK);
            context.heartbeat().run();
        }
        say(DONE, context, context.clock().now());
        return Done.done(new Nothing(), "took its time");
    }

    private static void say(String what, StepContext context, Instant at) {
        System.out.println(what + " " + context.call().step() + " " + at.toEpochMilli());
    }
}
