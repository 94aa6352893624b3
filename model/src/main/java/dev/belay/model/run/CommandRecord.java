package dev.belay.model.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A command and its answer, on record even when refused.
 *
 * @param text of an approval: what its signature must be over; null for every other kind, and where nothing was asked
 */
public record CommandRecord(
        Instant at,
        Command command,
        Reply reply,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String text) {

    /** Of a command that nobody signs. */
    public CommandRecord(Instant at, Command command, Reply reply) {
        this(at, command, reply, null);
    }
}
