package dev.belay.model.runbook;

import org.jspecify.annotations.Nullable;

/** An input of a runbook, set with {@code --set name=value}; without a default it must be given. */
public record InputSpec(ValueType type, @Nullable String defaultValue, String description) {}
