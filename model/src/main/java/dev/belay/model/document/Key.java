package dev.belay.model.document;

/** A key of an object, and what may stand under it. */
public record Key(String name, Form form, boolean required, String description) {}
