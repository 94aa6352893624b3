package dev.belay.cli.text;

import java.util.List;

/**
 * The document of {@code belay logs}.
 *
 * @param events in the order in which they happened
 * @param missing workflows of this run whose histories the server no longer keeps
 */
public record LogBook(String run, String cluster, List<LogEvent> events, List<String> missing) {}
