package dev.belay.model.inventory;

import dev.belay.model.approval.Person;
import dev.belay.model.approval.SshKey;
import dev.belay.model.document.Fields;
import dev.belay.model.document.Problems;
import dev.belay.model.document.YamlScalar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The people of an inventory: each stands there once, and each key is one person's. */
record PeopleReader(Problems problems) {

    void check(List<Fields> people) {
        Set<String> names = new HashSet<>();
        Map<SshKey, String> owners = new HashMap<>();
        for (Fields person : people) {
            person.scalar("name")
                    .filter(name -> !names.add(name.text().toLowerCase(Locale.ROOT)))
                    .ifPresent(name -> problems.add(
                            name.at(), "duplicate", "the person \"" + name.text() + "\" stands here a second time"));
            keys(person, owners);
        }
    }

    private void keys(Fields person, Map<SshKey, String> owners) {
        String name = person.text("name").orElse("somebody");
        List<YamlScalar> keys = person.texts("keys");
        if (keys.isEmpty() && person.has("keys")) {
            problems.add(
                    person.at("keys"), "value", "\"keys\" should hold a key: without one " + name + " cannot sign");
        }
        for (YamlScalar line : keys) {
            key(line).ifPresent(key -> {
                String owner = owners.putIfAbsent(key, name);
                if (owner != null) {
                    problems.add(
                            line.at(),
                            "duplicate",
                            "the key " + key.fingerprint() + " stands here already, as " + owner + "'s");
                }
            });
        }
    }

    private Optional<SshKey> key(YamlScalar line) {
        try {
            return Optional.of(SshKey.parse(line.text()));
        } catch (IllegalArgumentException e) {
            problems.add(line.at(), "value", "\"keys\" should hold SSH public keys, each a line: " + e.getMessage());
            return Optional.empty();
        }
    }

    static Person person(Fields fields) {
        return new Person(
                fields.text("name").orElseThrow(),
                fields.texts("roles").stream().map(YamlScalar::text).toList(),
                fields.texts("keys").stream().map(YamlScalar::text).toList());
    }
}
