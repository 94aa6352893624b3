package dev.belay.model.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.model.kubernetes.NodeName;
import org.jspecify.annotations.Nullable;

/**
 * A person's command to a run; a Temporal Update.
 *
 * @param commandId chosen by the sender; the same id again gets the same answer, with other content it is refused
 * @param actor who, {@code alice@host} by default
 * @param step which parked or awaiting step is meant; null when there is only one
 * @param node likewise
 * @param planDigest what the sender saw; another digest than the run's is refused. Null leaves it unchecked
 * @param rung of a rollback; null for every other kind
 * @param signature of an approval's text, as ssh-keygen writes it; null when nobody signed
 */
public record Command(
        String commandId,
        CommandKind kind,
        String actor,
        String reason,
        @Nullable String ticket,
        @Nullable String step,
        @Nullable NodeName node,
        @Nullable String planDigest,
        @Nullable Rung rung,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String signature) {

    /** Unsigned. */
    public Command(
            String commandId,
            CommandKind kind,
            String actor,
            String reason,
            @Nullable String ticket,
            @Nullable String step,
            @Nullable NodeName node,
            @Nullable String planDigest,
            @Nullable Rung rung) {
        this(commandId, kind, actor, reason, ticket, step, node, planDigest, rung, null);
    }

    /** Anything but a rollback. */
    public Command(
            String commandId,
            CommandKind kind,
            String actor,
            String reason,
            @Nullable String ticket,
            @Nullable String step,
            @Nullable NodeName node,
            @Nullable String planDigest) {
        this(commandId, kind, actor, reason, ticket, step, node, planDigest, null);
    }

    /** The same command, with the place it is meant for spelled out. */
    public Command at(String where, @Nullable NodeName on) {
        return new Command(commandId, kind, actor, reason, ticket, where, on, planDigest, rung, signature);
    }

    /** The same of a person by the name that the inventory has. */
    public Command by(String name) {
        return new Command(commandId, kind, name, reason, ticket, step, node, planDigest, rung, signature);
    }

    /** The same under a signature. */
    public Command signed(String by) {
        return new Command(commandId, kind, actor, reason, ticket, step, node, planDigest, rung, by);
    }
}
