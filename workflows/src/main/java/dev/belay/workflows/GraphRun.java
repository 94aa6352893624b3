package dev.belay.workflows;

import dev.belay.model.graph.StepGraph;
import dev.belay.model.runbook.Step;
import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks one graph: starts every step whose needs are satisfied, at most {@link #WIDEST} at a time, until all are, or until told to leave
 * and the running ones have ended.
 *
 * <p>A step that ends unsatisfied has left because the workflow is ending, or has been postponed; in both cases {@code leave} holds.
 */
final class GraphRun {

    static final int WIDEST = 25;

    private final StepGraph graph;
    private final Board board;
    private final Supplier<Boolean> mayStart;
    private final Supplier<Boolean> leave;
    private final Consumer<Step> runner;
    private int live;
    private @Nullable RuntimeException broken;

    GraphRun(StepGraph graph, Board board, Supplier<Boolean> mayStart, Supplier<Boolean> leave, Consumer<Step> runner) {
        this.graph = graph;
        this.board = board;
        this.mayStart = mayStart;
        this.leave = leave;
        this.runner = runner;
    }

    void run() {
        while (!isOver()) {
            startable().forEach(this::start);
            Workflow.await(() -> broken != null || isOver() || !startable().isEmpty());
            if (broken != null) {
                throw broken;
            }
        }
    }

    int live() {
        return live;
    }

    private boolean isOver() {
        return live == 0 && (leave.get() || graph.isComplete(board.states()));
    }

    private List<Step> startable() {
        if (leave.get() || !mayStart.get()) {
            return List.of();
        }
        return graph.ready(board.states()).stream().limit(WIDEST - live).toList();
    }

    private void start(Step step) {
        live++;
        board.claim(step.id());
        Async.procedure(() -> runner.accept(step)).handle((nothing, failure) -> {
            live--;
            broken = broken == null ? failure : broken;
            return null;
        });
    }
}
