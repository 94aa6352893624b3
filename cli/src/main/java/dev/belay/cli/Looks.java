package dev.belay.cli;

import com.google.protobuf.Empty;
import com.google.protobuf.util.Timestamps;
import dev.belay.cli.text.Situation;
import dev.belay.cli.text.UndoWords;
import dev.belay.model.plan.Estimates;
import dev.belay.model.run.RunView;
import dev.belay.workflows.Notice;
import dev.belay.workflows.RunState;
import dev.belay.workflows.client.RunClient;
import dev.belay.workflows.client.RunReport;
import io.temporal.api.testservice.v1.TestServiceGrpc;
import java.time.Instant;
import java.util.List;

/** What a run looks like from outside, at this moment. */
final class Looks {

    private Looks() {}

    static Situation at(RunHandle run) {
        RunReport report = RunClient.report(run.connection().client(), run.workflowId(), run.temporalRunId());
        RunState state = report.state();
        RunView view = report.view();
        return new Situation(
                view,
                state.author(),
                state.startedAt(),
                state.ended(),
                alsoWaiting(state.waiting()),
                UndoWords.of(report.undoable()),
                view.status().isClosed() ? null : Estimates.remaining(state.plan(), view.steps()),
                now(run),
                run.rehearsal());
    }

    private static List<String> alsoWaiting(List<Notice> waiting) {
        return waiting.stream().skip(1).map(Notice::place).toList();
    }

    /** By the clock of the server: an embedded one is ahead of the wall by what it skipped. */
    private static Instant now(RunHandle run) {
        if (!run.rehearsal()) {
            return Instant.now();
        }
        return Instant.ofEpochMilli(Timestamps.toMillis(
                TestServiceGrpc.newBlockingStub(run.connection().stubs().getRawChannel())
                        .getCurrentTime(Empty.getDefaultInstance())
                        .getTime()));
    }
}
