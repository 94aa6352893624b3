package dev.belay.model.plan;

import java.util.Set;

/**
 * A finding that the inventory's owner accepts: it is shown as accepted and stops nothing.
 *
 * @param rule the finding's rule, one of {@link #RULES}
 */
public record Acceptance(String rule, String reason, String owner) {

    /** What may be accepted: a risk that a person can weigh. Everything else stops a climb for good reason. */
    public static final Set<String> RULES = Set.of("etcd-too-old-for-hop");

    /** As a finding's sentence ends. */
    public String words() {
        return "accepted by " + owner + ": " + reason;
    }
}
