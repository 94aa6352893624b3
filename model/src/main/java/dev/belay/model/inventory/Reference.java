package dev.belay.model.inventory;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * Where a secret or file is, never what it is: {@code file:${LAB_HOME}/ssh/id} (may begin with an environment variable), {@code env:NAME}, or
 * {@code exec:program arg}; for SSH keys also {@code agent:${SSH_AUTH_SOCK}}, the socket of an ssh-agent. Resolved only inside the process that talks to the hosts.
 */
public record Reference(@JsonValue String text) {

    private static final List<String> SCHEMES = List.of("file:", "env:", "exec:", "agent:");

    @JsonCreator
    public Reference {
        if (SCHEMES.stream().noneMatch(text::startsWith)) {
            throw new IllegalArgumentException(
                    "a reference begins with " + String.join(" or ", SCHEMES) + ", and holds no secret itself");
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
