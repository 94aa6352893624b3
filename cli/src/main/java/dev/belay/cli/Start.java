package dev.belay.cli;

import dev.belay.worker.TemporalConnection;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.client.AnotherRun;
import dev.belay.workflows.client.RunClient;

/** A run begun, or refused in words where the cluster has one already. */
final class Start {

    private Start() {}

    /** The new run's eight hex digits. */
    static String of(TemporalConnection connection, RunInput input) {
        try {
            return RunClient.start(connection.client(), input);
        } catch (AnotherRun e) {
            throw Stop.refused("refused: " + e.getMessage());
        }
    }
}
