package dev.belay.model.approval;

import dev.belay.model.run.Command;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The people whose signatures count. Where there are none, approvals are by name only. */
public record Signers(List<Person> people) {

    /** What every page says of approvals that nobody signs. */
    public static final String BY_NAME_ONLY = "by name only";

    /** Nobody signs. */
    public static final Signers NONE = new Signers(List.of());

    /** How far the names of those who approve are proven. */
    public enum Approvals {
        SIGNED,
        BY_NAME_ONLY
    }

    public Signers {
        people = List.copyOf(people);
    }

    public boolean isByNameOnly() {
        return people.isEmpty();
    }

    public Approvals approvals() {
        return isByNameOnly() ? Approvals.BY_NAME_ONLY : Approvals.SIGNED;
    }

    /** Who approves, for a page that says so before anybody has. */
    public String words() {
        return isByNameOnly()
                ? BY_NAME_ONLY + ": the inventory lists no people who sign"
                : "signed, by " + people.stream().map(Person::name).collect(Collectors.joining(" or "));
    }

    public Optional<Person> of(SshKey key) {
        return people.stream().filter(person -> person.has(key)).findFirst();
    }

    /** The one that this name is of. */
    public Optional<Person> named(String actor) {
        return people.stream().filter(person -> person.is(actor)).findFirst();
    }

    public List<Person> withAny(List<String> roles) {
        return people.stream().filter(person -> person.hasAny(roles)).toList();
    }

    /**
     * Why a command is not proven to come from its actor, in words; null when it is.
     *
     * @param text that must have been signed
     * @param roles one of which the actor must have; empty for any
     */
    public @Nullable String objection(Command command, String text, List<String> roles) {
        String armoured = command.signature();
        if (armoured == null) {
            return command.actor()
                    + " did not sign, and the inventory lists who may: belay approve signs with --key or the agent";
        }
        try {
            SshSignature signature = SshSignature.parse(armoured);
            String no = signature.objection(text);
            return no == null ? objection(command.actor(), signature.key(), roles) : no;
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private @Nullable String objection(String actor, SshKey key, List<String> roles) {
        Person person = of(key).orElse(null);
        if (person == null) {
            return "the key " + key.fingerprint() + " is of nobody that the inventory lists";
        }
        if (!person.name().equals(actor)) {
            return "the key " + key.fingerprint() + " is " + person.name() + "'s, and the approval speaks for " + actor;
        }
        if (!person.hasAny(roles)) {
            String has = person.roles().isEmpty() ? "none" : String.join(", ", person.roles());
            return person.name() + " has not the role it needs: " + String.join(" or ", roles) + " (" + has + ")";
        }
        return null;
    }
}
