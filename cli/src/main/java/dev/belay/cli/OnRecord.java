package dev.belay.cli;

import dev.belay.worker.Identity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who says so, why, and where it was asked for: stands on the record of the run. */
final class OnRecord {

    @Option(
            names = "--actor",
            paramLabel = "WHO",
            description = "Who says so; default user@host, as claimed, not proven")
    private @Nullable String actor;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; stands on record")
    private String reason = "";

    @Option(names = "--ticket", paramLabel = "ID", description = "Where it was asked for")
    private @Nullable String ticket;

    String actor() {
        return Optional.ofNullable(actor).orElseGet(Identity::actor);
    }

    /** Blank when none was given. */
    String reason() {
        return reason;
    }

    @Nullable
    String ticket() {
        return ticket;
    }
}
