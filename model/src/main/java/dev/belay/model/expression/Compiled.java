package dev.belay.model.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An expression, ready to be evaluated any number of times. A plan asks the same few conditions of thousands of nodes, and compiling costs a
 * hundred times what evaluating does: the last ones used are kept.
 */
record Compiled(CelRuntime.Program program, List<Path> paths) {

    private static final int KEPT = 500;
    private static final Map<String, Compiled> RECENT = Collections.synchronizedMap(new Recent());

    static Compiled of(String expression) throws CelValidationException, CelEvaluationException {
        Compiled known = RECENT.get(expression);
        if (known != null) {
            return known;
        }
        CelAbstractSyntaxTree tree = Cel.parse(expression);
        Compiled compiled = new Compiled(Cel.program(tree), Path.of(tree));
        RECENT.put(expression, compiled);
        return compiled;
    }

    Object evaluate(Map<String, Object> variables) throws CelEvaluationException {
        return program.eval(variables);
    }

    /** Forgets what was not used for longest. */
    private static final class Recent extends LinkedHashMap<String, Compiled> {

        private static final long serialVersionUID = 1L;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Compiled> eldest) {
            return size() > KEPT;
        }
    }
}
