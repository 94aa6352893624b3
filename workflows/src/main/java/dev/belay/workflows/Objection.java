package dev.belay.workflows;

import dev.belay.model.run.Command;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why somebody's approval does not count. */
final class Objection {

    private Objection() {}

    /** In words; null when it counts. */
    static @Nullable String to(Command command, Notice notice, Notice.Ask ask, Instant now) {
        String person = person(command.actor());
        if (!now.isBefore(ask.expiresAt())) {
            return "the time to approve " + notice.place() + " was over at " + ask.expiresAt();
        }
        if (ask.excluded() != null && person(ask.excluded()).equals(person)) {
            return command.actor() + " started the run, and " + notice.place() + " needs somebody else";
        }
        if (ask.approvedBy().stream().anyMatch(actor -> person(actor).equals(person))) {
            return command.actor() + " has approved " + notice.place() + " already; it needs " + ask.min()
                    + " different people";
        }
        return null;
    }

    /** Who, without the machine they typed on: the same person on two machines is one person. */
    private static String person(String actor) {
        int at = actor.indexOf('@');
        return (at < 0 ? actor : actor.substring(0, at)).toLowerCase(Locale.ROOT);
    }
}
