package dev.belay.cli;

import dev.belay.worker.TemporalConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Temporal server is meant. */
final class ServerChoice {

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "Profile of Temporal's client configuration; TEMPORAL_ADDRESS and its like go over it")
    private @Nullable String profile;

    boolean isNamed(Terminal terminal) {
        return profile != null || terminal.environment().containsKey("TEMPORAL_ADDRESS");
    }

    /** The command that watches a run on this server. */
    String watch(RunHandle run) {
        return "belay watch " + run.run() + (profile == null || run.rehearsal() ? "" : " --profile " + profile);
    }

    TemporalConnection open(Terminal terminal) {
        return TemporalConnection.open(profile, terminal.environment());
    }
}
