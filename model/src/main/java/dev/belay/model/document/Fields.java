package dev.belay.model.document;

import dev.belay.model.runbook.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The good values of an object that was compared with its shape; what is wrong was reported, and counts as left out. */
public final class Fields {

    private final YamlMap map;
    private final Map<String, Yaml> good = new LinkedHashMap<>();

    private Fields(YamlMap map) {
        this.map = map;
    }

    /** Reports unknown keys, missing keys and values of another form. */
    public static Fields read(YamlMap map, Shape shape, Problems problems) {
        Fields fields = new Fields(map);
        for (YamlMap.Entry entry : map.entries()) {
            Optional<Key> key = shape.key(entry.name());
            if (key.isPresent()) {
                fields.take(key.get(), entry, problems);
            } else if (!entry.name().equals("<<")) {
                problems.add(entry.key().at(), "unknown-key", unknown(entry.name(), shape));
            }
        }
        shape.keys().stream()
                .filter(key -> key.required() && map.find(key.name()).isEmpty())
                .forEach(key -> problems.add(map.at(), "missing-key", missing(key, shape)));
        return fields;
    }

    public YamlMap map() {
        return map;
    }

    /** Where a value stands; where the object does when it is left out. */
    public Position at(String key) {
        return map.find(key).map(entry -> entry.value().at()).orElse(map.at());
    }

    /** Where a key stands; where the object does when it is left out. */
    public Position keyAt(String key) {
        return map.find(key).map(entry -> entry.key().at()).orElse(map.at());
    }

    public boolean has(String key) {
        return good.containsKey(key);
    }

    public Optional<Yaml> value(String key) {
        return Optional.ofNullable(good.get(key));
    }

    public Optional<YamlScalar> scalar(String key) {
        return value(key).filter(YamlScalar.class::isInstance).map(YamlScalar.class::cast);
    }

    public Optional<String> text(String key) {
        return scalar(key).map(YamlScalar::text);
    }

    public Optional<Integer> whole(String key) {
        return text(key).map(Integer::valueOf);
    }

    public Optional<Boolean> flag(String key) {
        return text(key).map(Boolean::valueOf);
    }

    public Optional<Duration> time(String key) {
        return text(key).map(Durations::parse);
    }

    /** Elements of a list of texts; none when it is left out. */
    public List<YamlScalar> texts(String key) {
        return elements(key).stream()
                .filter(YamlScalar.class::isInstance)
                .map(YamlScalar.class::cast)
                .toList();
    }

    /** Elements of a list; none when it is left out. */
    public List<Yaml> elements(String key) {
        return value(key)
                .map(value -> value instanceof YamlList list ? list.elements() : List.<Yaml>of())
                .orElse(List.of());
    }

    public Optional<YamlMap> map(String key) {
        return value(key).filter(YamlMap.class::isInstance).map(YamlMap.class::cast);
    }

    private void take(Key key, YamlMap.Entry entry, Problems problems) {
        if (!good.containsKey(key.name()) && key.form().accepts(key.name(), entry.value(), problems)) {
            good.put(key.name(), entry.value());
        }
    }

    private static String unknown(String name, Shape shape) {
        return "\"" + name + "\" is not a key of " + shape.name() + Spelling.hint(name, shape.names()) + "; known are "
                + String.join(", ", shape.names());
    }

    private static String missing(Key key, Shape shape) {
        return shape.name() + " must have \"" + key.name() + "\": " + key.form().looks();
    }
}
