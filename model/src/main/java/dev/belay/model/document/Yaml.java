package dev.belay.model.document;

/** A value in a YAML file, and where it stands. */
public sealed interface Yaml permits YamlScalar, YamlList, YamlMap {

    Position at();

    /** What it is, for messages: {@code a list}. */
    String words();
}
