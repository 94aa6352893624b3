package dev.belay.model.runbook;

import com.fasterxml.jackson.annotation.JsonValue;

/** Types of inputs, of a step type's fields and of what expressions see. The text is what a runbook writes. */
public enum ValueType {
    STRING("string"),
    INTEGER("integer"),
    BOOLEAN("boolean"),
    /** {@code 90s}, {@code 5m}, {@code 1h30m}; a string to expressions. */
    DURATION("duration"),
    KUBERNETES_VERSION("kubernetesVersion"),
    STRINGS("strings");

    private final String text;

    ValueType(String text) {
        this.text = text;
    }

    @JsonValue
    public String text() {
        return text;
    }
}
