package dev.belay.cli;

import dev.belay.worker.TemporalConnection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run on one server.
 *
 * @param run eight hex digits
 * @param workflowId its workflow
 * @param temporalRunId which of the workflow's runs; null for the newest
 * @param rehearsal on an embedded server
 */
record RunHandle(
        TemporalConnection connection,
        String run,
        String workflowId,
        @Nullable String temporalRunId,
        Instant startedAt,
        boolean rehearsal) {}
