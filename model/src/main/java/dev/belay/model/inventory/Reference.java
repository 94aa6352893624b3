package dev.belay.model.inventory;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Where a secret or file is, never what it is: {@code file:${LAB_HOME}/ssh/id} (may begin with an environment variable), {@code env:NAME}, or
 * {@code exec:program arg}. Resolved only inside the process that talks to the hosts.
 */
public record Reference(@JsonValue String text) {

    @JsonCreator
    public Reference {
        if (!text.startsWith("file:") && !text.startsWith("env:") && !text.startsWith("exec:")) {
            throw new IllegalArgumentException(
                    "a reference begins with file:, env: or exec:, and holds no secret itself");
        }
    }

    public String scheme() {
        return text.substring(0, text.indexOf(':'));
    }

    public String target() {
        return text.substring(text.indexOf(':') + 1);
    }

    @Override
    public String toString() {
        return text;
    }
}
