package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of the CLI on a pseudo-terminal, as Python makes one, and somebody who types at it. */
final class OnTerminal {

    private static final Path DRIVER = Path.of("src", "test", "resources", "terminal.py");
    private static final List<String> CLI = List.of(
            new File(System.getProperty("java.home"), "bin/java").getPath(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dbelay.tty.in=true",
            "-Dbelay.tty.out=true",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());

    private OnTerminal() {}

    static void assumeThere() {
        assumeTrue(isThere(), "there is no python3 with a pty module, so nobody can type Ctrl-C");
    }

    /** What was typed at which text; the program's output, in order, and its exit code. */
    static Typed type(Map<String, String> environment, List<String> steps, String... arguments) {
        List<String> line = new ArrayList<>(List.of("python3", DRIVER.toString()));
        line.addAll(steps);
        line.add("--");
        line.addAll(CLI);
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("TEMPORAL_"));
        builder.environment().putAll(environment);
        builder.environment().putAll(Map.of("TERM", "xterm", "NO_COLOR", "1"));
        return ended(builder);
    }

    private static Typed ended(ProcessBuilder builder) {
        try {
            Process process = builder.start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("%s", out).isTrue();
            return new Typed(process.exitValue(), out, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static boolean isThere() {
        try {
            return new ProcessBuilder("python3", "-c", "import os, pty; os.waitstatus_to_exitcode")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
