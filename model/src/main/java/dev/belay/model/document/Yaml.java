package dev.belay.model.document;

/** A value in a YAML file, and where it stands. */
public sealed interface Yaml permits YamlScalar, YamlList, YamlMap {

    Position at();

    /** For messages: {@code a list}, or a scalar as it is written. */
    String shown();
}
