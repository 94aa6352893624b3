package dev.belay.model.plan;

import dev.belay.model.kubernetes.Finding;

/** Something that stops the climb before its first move. */
public record Blocker(String rule, String object, String why, String remedy) {
    public static Blocker of(Finding finding) {
        return new Blocker(finding.rule(), finding.object(), finding.why(), finding.remedy());
    }

    Blocker accepted(Acceptance by) {
        return new Blocker(rule, object, why + "; " + by.words(), remedy);
    }

    /** Says whether both complain of the same thing, in whatever words. */
    boolean isAbout(Blocker other) {
        return rule.equals(other.rule) && object.equals(other.object);
    }
}
