package dev.belay.model.approval;

import java.util.List;
import java.util.Locale;

/**
 * Somebody who may approve, as the inventory lists them.
 *
 * @param name a login name
 * @param roles what approvals may ask for
 * @param keys SSH public keys, each a line
 */
public record Person(String name, List<String> roles, List<String> keys) {

    public Person {
        roles = List.copyOf(roles);
        keys = List.copyOf(keys);
    }

    public boolean has(SshKey key) {
        return keys.stream().map(SshKey::parse).anyMatch(key::equals);
    }

    /** Has one of these roles; every role will do where none is asked for. */
    public boolean hasAny(List<String> asked) {
        return asked.isEmpty() || asked.stream().anyMatch(roles::contains);
    }

    /** The one an actor speaks of: {@code ada@laptop} is {@code ada}. */
    public boolean is(String actor) {
        return login(name).equals(login(actor));
    }

    /** Who, without the machine they typed on: the same person on two machines is one person. */
    public static String login(String actor) {
        int at = actor.indexOf('@');
        return (at < 0 ? actor : actor.substring(0, at)).toLowerCase(Locale.ROOT);
    }
}
