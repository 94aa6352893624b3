package dev.belay.model.runbook;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** What a runbook does to the version of a cluster, and so what its plan is made of. */
public enum Purpose {
    /** Hops to a target, one minor at a time. The default. */
    UPGRADE("upgrade"),
    /** Versions stay: the four phases are gone through once. */
    MAINTENANCE("maintenance"),
    /** Takes back what a run did; started by {@code belay rollback} alone, which knows that run. */
    ROLLBACK("rollback");

    private final String text;

    Purpose(String text) {
        this.text = text;
    }

    @JsonValue
    public String text() {
        return text;
    }

    /** Equal to the purpose that is not written down. */
    static final class Usual {
        @Override
        public boolean equals(Object other) {
            return other == null || other == UPGRADE;
        }

        @Override
        public int hashCode() {
            return UPGRADE.hashCode();
        }
    }

    static Purpose of(String text) {
        return Arrays.stream(values())
                .filter(purpose -> purpose.text.equals(text))
                .findFirst()
                .orElse(UPGRADE);
    }
}
