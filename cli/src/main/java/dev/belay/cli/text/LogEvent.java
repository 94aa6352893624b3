package dev.belay.cli.text;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Failure;
import dev.belay.model.run.Reply;
import dev.belay.model.run.StepCall;
import dev.belay.model.runbook.Phase;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened in a run, as its histories have it; the record is what {@code logs -o json} prints.
 *
 * @param at by the clock of the server
 * @param hop what the hop climbs to; null where the event is the whole run's
 * @param redo how often a person had the step tried again before
 * @param attempt of the automatic ones; 0 where nothing was attempted
 * @param seconds from the beginning of what ended; null for everything else
 * @param effect what was changed: {@code cordoned}; null for what changes nothing
 * @param command null unless the event is a command
 * @param output what the step gave back
 */
public record LogEvent(
        Instant at,
        Kind event,
        @Nullable KubernetesVersion hop,
        @Nullable Phase phase,
        @Nullable NodeName node,
        @Nullable String step,
        @Nullable String uses,
        int redo,
        int attempt,
        @Nullable Long seconds,
        @Nullable String why,
        @Nullable String effect,
        @Nullable Failure failure,
        @Nullable Said command,
        Map<String, Object> output) {

    private static final String UNDO = ".undo";

    /** What happened. */
    public enum Kind {
        STARTED,
        /** A step begins. */
        BEGUN,
        /** A step is tried again by itself. */
        RETRIED,
        DONE,
        ALREADY_DONE,
        SKIPPED,
        FAILED,
        PARKED,
        AWAITING_APPROVAL,
        RESUMED,
        /** A command that was taken. */
        COMMAND,
        /** A command that did not fit. */
        REFUSED,
        UNDOING,
        UNDONE,
        /** Somebody asked Temporal itself to cancel the run. */
        STOPPING,
        ENDED
    }

    /** What a person said. */
    public record Said(
            CommandKind kind,
            String actor,
            String reason,
            @Nullable String ticket) {

        static Said of(Command command) {
            return new Said(command.kind(), command.actor(), command.reason(), command.ticket());
        }
    }

    public static LogEvent ofRun(Instant at, Kind kind, String why) {
        return new LogEvent(at, kind, null, null, null, null, null, 0, 0, null, why, null, null, null, Map.of());
    }

    public static LogEvent ofCommand(Instant at, Command command, Reply reply) {
        Kind kind = reply.accepted() ? Kind.COMMAND : Kind.REFUSED;
        return new LogEvent(
                at,
                kind,
                null,
                null,
                command.node(),
                command.step(),
                null,
                0,
                0,
                null,
                reply.why(),
                null,
                null,
                Said.of(command),
                Map.of());
    }

    /** {@code uses}: null for what only waits, such as an approval. An undo is told of the step it takes back. */
    public static LogEvent ofStep(Instant at, Kind kind, StepCall call, @Nullable String uses, @Nullable String why) {
        String id = call.step().endsWith(UNDO)
                ? call.step().substring(0, call.step().length() - UNDO.length())
                : call.step();
        return new LogEvent(
                at,
                kind,
                call.hop().to(),
                call.phase(),
                call.node() == null ? null : call.node().name(),
                id,
                uses,
                call.redo(),
                0,
                null,
                why,
                null,
                null,
                null,
                Map.of());
    }

    public LogEvent attempted(int times, @Nullable Long lasted) {
        return new LogEvent(
                at, event, hop, phase, node, step, uses, redo, times, lasted, why, effect, failure, command, output);
    }

    public LogEvent failed(@Nullable Failure known) {
        return new LogEvent(
                at, event, hop, phase, node, step, uses, redo, attempt, seconds, why, effect, known, command, output);
    }

    public LogEvent gave(@Nullable String changed, Map<String, Object> given) {
        return new LogEvent(
                at, event, hop, phase, node, step, uses, redo, attempt, seconds, why, changed, failure, command, given);
    }

    /** Of this step, or of this step type; null takes every one. */
    public boolean isOf(@Nullable String wantedStep, @Nullable String wantedNode) {
        boolean ofStep = wantedStep == null || wantedStep.equals(step) || wantedStep.equals(uses);
        return ofStep && (wantedNode == null || wantedNode.equals(Objects.toString(node, "")));
    }
}
