package dev.belay.workflows;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepCall.NodeCall;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.StepSignature;
import dev.belay.model.runbook.TypedStep;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the calls of one graph have in common. */
record Frame(
        String run,
        String cluster,
        String planDigest,
        String inventoryDigest,
        Hop hop,
        Phase phase,
        @Nullable NodeCall node,
        @Nullable Duration timeout,
        int attempts,
        Map<String, StepSignature> signatures,
        Map<String, Object> inputs) {

    private static final Duration ENGINE_TIMEOUT = Duration.ofSeconds(30);
    private static final int ENGINE_ATTEMPTS = 3;

    /** For the steps of a phase that run once per hop. */
    static Frame of(Plan plan, String run, Hop hop, Phase phase) {
        return new Frame(
                run,
                plan.cluster().name(),
                plan.digest(),
                plan.inventoryDigest(),
                hop,
                phase,
                null,
                plan.runbook().timeout(),
                plan.runbook().attempts(),
                plan.signatures(),
                plan.runbook().values(plan.inputs()));
    }

    static Frame of(NodeInput input) {
        return new Frame(
                input.run(),
                input.cluster(),
                input.planDigest(),
                input.inventoryDigest(),
                input.hop(),
                input.phase(),
                input.node(),
                input.timeout(),
                input.attempts(),
                input.signatures(),
                input.inputs());
    }

    /** For engine calls that accompany this one. */
    static Frame of(StepCall call) {
        return new Frame(
                call.run(),
                call.cluster(),
                call.planDigest(),
                call.inventoryDigest(),
                call.hop(),
                call.phase(),
                call.node(),
                null,
                call.attempts(),
                Map.of(),
                call.inputs());
    }

    @Nullable
    NodeName nodeName() {
        return node == null ? null : node.name();
    }

    StepSignature signature(String uses) {
        StepSignature signature = signatures.get(uses);
        if (signature == null) {
            throw Failures.permanent("the plan holds no signature of " + uses);
        }
        return signature;
    }

    StepCall call(TypedStep step, int redo, Map<String, Map<String, Object>> outputs) {
        int tries = step.attempts() == null ? attempts : step.attempts();
        return call(step.id(), step.uses(), redo, step.with(), step.when(), outputs, limit(step), tries);
    }

    /** A call of an activity that belongs to the engine. */
    StepCall engineCall(
            String uses,
            String step,
            Map<String, Object> with,
            @Nullable String when,
            Map<String, Map<String, Object>> outputs) {
        return call(step, uses, 0, with, when, outputs, ENGINE_TIMEOUT, ENGINE_ATTEMPTS);
    }

    private StepCall call(
            String step,
            String uses,
            int redo,
            Map<String, Object> with,
            @Nullable String when,
            Map<String, Map<String, Object>> outputs,
            Duration limit,
            int tries) {
        return new StepCall(
                run,
                cluster,
                planDigest,
                inventoryDigest,
                hop,
                phase,
                node,
                step,
                uses,
                redo,
                with,
                when,
                inputs,
                outputs,
                limit,
                tries,
                null);
    }

    private Duration limit(TypedStep step) {
        if (step.timeout() != null) {
            return step.timeout();
        }
        return timeout == null ? signature(step.uses()).timeout() : timeout;
    }
}
