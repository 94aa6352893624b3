package dev.belay.activities;

import dev.belay.model.run.StepCall;
import java.util.Map;

/** Reads what a call says in expressions. What does not evaluate is PERMANENT/EXPRESSION, naming the expression. */
public interface StepExpressions {

    /** Says whether the call's {@code when} holds; it does when there is none. */
    boolean holds(StepCall call);

    /** The call's {@code with}, references resolved. */
    Map<String, Object> with(StepCall call);
}
