package dev.belay.model.run;

import java.time.Instant;

/** A command and its answer, on record even when refused. */
public record CommandRecord(Instant at, Command command, Reply reply) {}
