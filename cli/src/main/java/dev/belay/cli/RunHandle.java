package dev.belay.cli;

import dev.belay.worker.TemporalConnection;
import java.time.Instant;

/**
 * One run on one server.
 *
 * @param run eight hex digits
 * @param workflowId its workflow
 * @param temporalRunId the first one of the chain, as the list has it
 * @param rehearsal on an embedded server
 */
record RunHandle(
        TemporalConnection connection,
        String run,
        String workflowId,
        String temporalRunId,
        Instant startedAt,
        boolean rehearsal) {}
