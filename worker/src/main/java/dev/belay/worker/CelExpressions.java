package dev.belay.worker;

import dev.belay.activities.StepExpressions;
import dev.belay.activities.StepFailure;
import dev.belay.model.expression.ExpressionFailure;
import dev.belay.model.expression.Expressions;
import dev.belay.model.expression.Scope;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepCall;
import java.util.Map;
import java.util.function.Supplier;

/** A call's condition and inputs, evaluated over what the call may see. */
public final class CelExpressions implements StepExpressions {

    @Override
    public boolean holds(StepCall call) {
        String when = call.when();
        return when == null || evaluated(() -> Expressions.holds(when, Scope.of(call)));
    }

    @Override
    public Map<String, Object> with(StepCall call) {
        return evaluated(() -> Expressions.resolve(call.with(), Scope.of(call)));
    }

    private static <T> T evaluated(Supplier<T> expression) {
        try {
            return expression.get();
        } catch (ExpressionFailure e) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "EXPRESSION",
                    String.valueOf(e.getMessage()),
                    "correct the runbook and start a new run");
        }
    }
}
