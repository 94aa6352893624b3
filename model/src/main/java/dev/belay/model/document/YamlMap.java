package dev.belay.model.document;

import java.util.List;
import java.util.Optional;

/** A mapping, in the file's order. A key that stands twice is there twice: the first counts. */
public record YamlMap(Position at, List<Entry> entries) implements Yaml {

    public YamlMap {
        entries = List.copyOf(entries);
    }

    public Optional<Entry> find(String key) {
        return entries.stream().filter(entry -> entry.name().equals(key)).findFirst();
    }

    @Override
    public String shown() {
        return "an object";
    }

    /** A key and its value. */
    public record Entry(YamlScalar key, Yaml value) {

        public String name() {
            return key.text();
        }
    }
}
