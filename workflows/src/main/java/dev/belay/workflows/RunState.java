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
 * @param paused a person asked for a pause and nobody for going on
 * @param aborting an abort or a rung was accepted
 * @param way how far it goes back; null for a climb, and for an abort in older histories
 * @param waiting every place where the run stands still or awaits a person, oldest first
 * @param hops finished hops, in order
 * @param activeHop workflow id of the hop under way, or of the last one when the run was stopped
 * @param progress of that hop
 * @param commands every command received, with its answer
 * @param ended how the run ended, in words; null while it goes on
 */
public record RunState(
        String run,
        RunStatus status,
        Plan plan,
        String author,
        String reason,
        @Nullable String ticket,
        Instant startedAt,
        boolean paused,
        boolean aborting,
        @Nullable Way way,
        List<Notice> waiting,
        List<HopState> hops,
        @Nullable String activeHop,
        @Nullable Progress progress,
        List<CommandRecord> commands,
        @Nullable String ended) {

    /** Null while it climbs. */
    @Nullable
    Way back() {
        return aborting && way == null ? Way.ABORT : way;
    }
}
