package dev.belay.bench;

import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Nothing;

/** Does nothing, so that what is left is the engine. */
final class NoopStep extends DeclaredStep<Nothing, Nothing> {

    static final String NAME = "bench.noop";
    static final String EFFECT = "bench.effect";

    private NoopStep(String name, Traits traits) {
        super(name, "Does nothing", Nothing.class, Nothing.class, traits);
    }

    static NoopStep check() {
        return new NoopStep(NAME, Traits.cluster("1m", "1s"));
    }

    /** Says that it changes something: an entry in the ledger and a heartbeat more. */
    static NoopStep effect() {
        return new NoopStep(EFFECT, Traits.cluster("1m", "1s").effect("nothing done"));
    }

    @Override
    public Done<Nothing> run(Nothing input, StepContext context) {
        return Done.done(new Nothing(), "nothing done");
    }
}
