package dev.belay.model.kubernetes;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a fact about a version does to a climb. */
public enum Severity {
    /** It does not begin. */
    BLOCK("block"),
    /** A person is told. */
    WARN("warn");

    private final String text;

    Severity(String text) {
        this.text = text;
    }

    @JsonValue
    public String text() {
        return text;
    }
}
