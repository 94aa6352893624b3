package dev.belay.workflows;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.StepOutcome;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.ApprovalStep;
import dev.belay.model.runbook.GroupStep;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.Step;
import dev.belay.model.runbook.TypedStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where each step of one workflow stands, and what it gave back. */
final class Board {

    static final String GROUP = "group";
    static final String APPROVAL = "approval";
    static final String SOAK = "soak";

    private final Map<String, StepRecord> records = new LinkedHashMap<>();
    private final Map<String, StepState> states = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> outputs = new LinkedHashMap<>();
    private Runnable changed;

    /** {@code changed} is called after each move of a step. */
    Board(List<StepRecord> carried, Map<String, Map<String, Object>> carriedOutputs, Runnable changed) {
        this.changed = () -> {};
        carried.forEach(this::put);
        outputs.putAll(carriedOutputs);
        this.changed = changed;
    }

    Map<String, StepState> states() {
        return states;
    }

    StepState state(String id) {
        return states.getOrDefault(id, StepState.PENDING);
    }

    List<StepRecord> records() {
        return new ArrayList<>(records.values());
    }

    Map<String, Map<String, Object>> outputs() {
        return new LinkedHashMap<>(outputs);
    }

    Map<String, Map<String, Object>> outputs(List<String> ids) {
        Map<String, Map<String, Object>> some = new LinkedHashMap<>();
        for (String id : ids) {
            Map<String, Object> output = outputs.get(id);
            if (output != null) {
                some.put(id, output);
            }
        }
        return some;
    }

    /** How often a step was begun. */
    int attempts(String id) {
        StepRecord last = records.get(id);
        return last == null ? 0 : last.attempts();
    }

    /** Steps of a phase that was taken back are to be done again; what they gave is forgotten. */
    void again(Phase phase) {
        records().stream().filter(record -> record.phase() == phase).forEach(record -> {
            outputs.remove(record.id());
            change(record.id(), StepState.PENDING, null, null);
        });
    }

    /** Started, though its own thread has not come to it yet. */
    void claim(String id) {
        states.put(id, StepState.RUNNING);
    }

    void begin(Step step, Frame frame, Instant at) {
        StepRecord last = records.get(step.id());
        int attempts = last == null ? 1 : last.attempts() + 1;
        put(record(step.id(), frame, uses(step), StepState.RUNNING, attempts, at));
    }

    /** Not begun after all: a group that goes on in the next run of the workflow. */
    void postpone(String id) {
        change(id, StepState.PENDING, null, null);
    }

    void wait(String id) {
        change(id, StepState.WAITING, null, null);
    }

    void park(String id, String why) {
        change(id, StepState.PARKED, null, why);
    }

    void settle(String id, StepState state, @Nullable String why, Instant at) {
        change(id, state, at, why);
    }

    /** Start and end are those of the world the step worked on. */
    void settle(StepOutcome outcome) {
        StepRecord last = known(outcome.step());
        put(new StepRecord(
                last.id(),
                last.hop(),
                last.phase(),
                last.node(),
                last.uses(),
                outcome.state(),
                last.attempts(),
                outcome.startedAt(),
                outcome.endedAt(),
                outcome.why()));
        if (outcome.state() != StepState.SKIPPED) {
            outputs.put(outcome.step(), outcome.output());
        }
    }

    void show() {
        changed.run();
    }

    boolean any(StepState state) {
        return states.containsValue(state);
    }

    private static StepRecord record(
            String id, Frame frame, String uses, StepState state, int attempts, Instant startedAt) {
        NodeName node = frame.nodeName();
        Phase phase = frame.phase();
        return new StepRecord(id, frame.hop().to(), phase, node, uses, state, attempts, startedAt, null, null);
    }

    private void change(String id, StepState state, @Nullable Instant endedAt, @Nullable String why) {
        StepRecord last = known(id);
        put(new StepRecord(
                id,
                last.hop(),
                last.phase(),
                last.node(),
                last.uses(),
                state,
                last.attempts(),
                last.startedAt(),
                endedAt,
                why));
    }

    private void put(StepRecord record) {
        records.put(record.id(), record);
        states.put(record.id(), record.state());
        changed.run();
    }

    private StepRecord known(String id) {
        StepRecord last = records.get(id);
        if (last == null) {
            throw new IllegalStateException("step " + id + " has not begun");
        }
        return last;
    }

    private static String uses(Step step) {
        if (step instanceof TypedStep typed) {
            return typed.uses();
        }
        if (step instanceof GroupStep) {
            return GROUP;
        }
        return step instanceof ApprovalStep ? APPROVAL : SOAK;
    }
}
