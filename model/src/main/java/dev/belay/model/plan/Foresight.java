package dev.belay.model.plan;

import dev.belay.model.expression.ExpressionFailure;
import dev.belay.model.expression.Expressions;
import dev.belay.model.expression.Scope;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.run.StepCall.NodeCall;
import dev.belay.model.runbook.SoakStep;
import dev.belay.model.runbook.Step;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is known of a step before it is reached: everything but the outputs of others. */
final class Foresight {
    private final Plan plan;
    private final Hop hop;
    private final @Nullable NodeCall node;

    Foresight(Plan plan, Hop hop, @Nullable NodeCall node) {
        this.plan = plan;
        this.hop = hop;
        this.node = node;
    }

    /** Its condition is known not to hold. A condition that depends on an output is open, so the answer is no. */
    boolean skips(Step step) {
        String when = step.when();
        if (when == null) {
            return false;
        }
        try {
            return !Expressions.holds(when, scope());
        } catch (ExpressionFailure open) {
            return false;
        }
    }

    /** How long a soak lasts; no time when that depends on an output. */
    Duration lasts(SoakStep soak) {
        try {
            return Expressions.duration(soak.duration(), scope());
        } catch (ExpressionFailure open) {
            return Duration.ZERO;
        }
    }

    private Scope scope() {
        Scope.Builder scope = Scope.builder()
                .inputs(plan.runbook().values(plan.inputs()))
                .hop(hop)
                .cluster(plan.cluster().name());
        return node == null ? scope.build() : scope.node(node).build();
    }
}
