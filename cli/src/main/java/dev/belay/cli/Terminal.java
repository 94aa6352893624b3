package dev.belay.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a verb reads and writes.
 *
 * @param interactive a person looks at {@code out}: it may be redrawn
 * @param asks a person can answer on {@code in}
 */
record Terminal(
        PrintStream out,
        PrintStream err,
        BufferedReader in,
        Map<String, String> environment,
        boolean interactive,
        boolean asks) {

    /** The process's own; the launcher says what is a terminal. */
    static Terminal ofProcess() {
        Map<String, String> environment = System.getenv();
        return new Terminal(
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8),
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8),
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                environment,
                Boolean.getBoolean("belay.tty.out") && !"dumb".equals(environment.get("TERM")),
                Boolean.getBoolean("belay.tty.in"));
    }

    boolean colours() {
        return interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    boolean debug() {
        return "1".equals(environment.get("BELAY_DEBUG"));
    }

    /** Asks on {@code err}, so that {@code out} stays clean; false when nobody can answer. */
    boolean confirms(String question) {
        if (!asks) {
            return false;
        }
        err.print(question + " [y/N] ");
        err.flush();
        String answer = readLine();
        return answer != null && (answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes"));
    }

    /** Asks on {@code err} and gives the answer; empty when nobody answers. */
    String answer(String question) {
        err.print(question + " ");
        err.flush();
        String answer = asks ? readLine() : null;
        return answer == null ? "" : answer;
    }

    private @Nullable String readLine() {
        try {
            String line = in.readLine();
            return line == null ? null : line.trim();
        } catch (IOException e) {
            throw new UncheckedIOException("the answer could not be read", e);
        }
    }
}
