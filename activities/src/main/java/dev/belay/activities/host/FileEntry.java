package dev.belay.activities.host;

/** A file on a host; for a symbolic link {@code link} is its target and {@code sha256} is empty. */
public record FileEntry(String path, FileAttributes attributes, long size, String sha256, String link) {}
