package dev.belay.model.document;

import java.util.List;

/** A sequence. */
public record YamlList(Position at, List<Yaml> elements) implements Yaml {

    public YamlList {
        elements = List.copyOf(elements);
    }

    @Override
    public String shown() {
        return "a list";
    }
}
