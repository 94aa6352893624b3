package dev.belay.cli;

import dev.belay.model.run.RunView;
import dev.belay.model.run.Rung;
import dev.belay.workflows.RunState;
import dev.belay.workflows.Way;
import dev.belay.workflows.client.AnotherRun;
import dev.belay.workflows.client.RunClient;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The run that takes a rehearsed climb back: a rung that has a runbook begins one as soon as the climb has ended. */
final class NextRun {

    private static final int LOOKS = 100;
    private static final int PAUSE_MS = 100;

    private NextRun() {}

    /** Empty when none is to come. */
    static Optional<RunHandle> after(RunHandle ended, RunView last) {
        if (!last.status().isClosed()) {
            return Optional.empty();
        }
        RunState newest = RunClient.state(ended.connection().client(), ended.workflowId(), null);
        if (!newest.run().equals(last.run())) {
            return Optional.of(handle(ended, newest.run()));
        }
        Way way = newest.way();
        Rung rung = way == null ? null : way.rung();
        return rung != null && rung.hasRunbook() ? begun(ended, last.cluster()) : Optional.empty();
    }

    private static Optional<RunHandle> begun(RunHandle ended, String cluster) {
        for (int look = 0; look < LOOKS; look++) {
            Optional<AnotherRun> open = RunClient.openRun(ended.connection().client(), cluster);
            if (open.isPresent()) {
                return open.map(another -> handle(ended, another.run()));
            }
            pause();
        }
        return Optional.empty();
    }

    private static RunHandle handle(RunHandle ended, String run) {
        return new RunHandle(ended.connection(), run, ended.workflowId(), null, Instant.now(), true);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.error("the rehearsal was stopped");
        }
    }
}
