package dev.belay.cli;

import dev.belay.model.plan.ApprovalFindings;
import dev.belay.worker.TemporalConnection;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.client.AnotherRun;
import dev.belay.workflows.client.RunClient;

/** A run begun, or refused in words where the cluster has one already. */
final class Start {

    private Start() {}

    /** Refuses a run that nobody could approve, since of its author nobody can tell whether another person is another. */
    static void check(RunInput input) {
        if (input.retreat() != null) {
            return;
        }
        new ApprovalFindings(input.plan().runbook(), input.plan().signers())
                .objection(input.author())
                .ifPresent(no -> {
                    throw Stop.refused("refused: " + no);
                });
    }

    /** The new run's eight hex digits. */
    static String of(TemporalConnection connection, RunInput input) {
        check(input);
        try {
            return RunClient.start(connection.client(), input);
        } catch (AnotherRun e) {
            throw Stop.refused("refused: " + e.getMessage());
        }
    }
}
