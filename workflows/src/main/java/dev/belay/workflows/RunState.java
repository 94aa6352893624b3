package dev.belay.workflows;

import dev.belay.model.plan.Plan;
import dev.belay.model.run.CommandRecord;
import dev.belay.model.run.RunStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as a query and its result show it.
 *
 * @param run eight hex digits
 * @param waiting every place where the run stands still or awaits a person, oldest first
 * @param hops finished hops, in order
 * @param activeHop workflow id of the hop under way
 * @param commands every command received, with its answer
 */
public record RunState(
        String run,
        RunStatus status,
        Plan plan,
        String author,
        String reason,
        Instant startedAt,
        List<Notice> waiting,
        List<HopState> hops,
        @Nullable String activeHop,
        List<CommandRecord> commands) {}
