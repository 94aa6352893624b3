package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another terminal follows a rehearsal, and its process is killed. */
class LostRehearsalTest {

    private static final Path RUNBOOK = Path.of("..", "runbooks", "kubeadm-minor.yaml");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"logs --follow", "watch"})
    void whoeverFollowsItIsToldAndEndsWithCode1(String verb) throws Exception {
        Process rehearsal = parked();
        try {
            Terminal terminal = Typed.terminal(out, err, elsewhere());
            CompletableFuture<Integer> code =
                    CompletableFuture.supplyAsync(() -> Main.run(terminal, verb.split(" ", -1)));
            while (!out.toString(StandardCharsets.UTF_8).contains("PARKED")) {
                assertThat(code).as("%s", err).isNotDone();
                Thread.onSpinWait();
            }
            rehearsal.destroyForcibly().waitFor();

            assertThat(code.get(60, TimeUnit.SECONDS)).as("%s", err).isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains("the rehearsal's process is gone, and its server with it");
        } finally {
            rehearsal.destroyForcibly();
        }
    }

    private Process parked() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        new File(System.getProperty("java.home"), "bin/java").getPath(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "rehearse",
                        RUNBOOK.toString(),
                        "--to",
                        "v1.34.4",
                        "--small",
                        "--fault",
                        "drain=drain-blocked@w1")
                .redirectErrorStream(true);
        builder.environment().put("XDG_STATE_HOME", folder.toString());
        Process process = builder.start();
        var said = process.inputReader();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.contains("PARKED")) {
                return process;
            }
        }
        throw new AssertionError("the rehearsal did not park, it ended with " + process.exitValue());
    }

    /** Finds rehearsals by their files; the server that is configured besides does not answer. */
    private Map<String, String> elsewhere() {
        try {
            Path config = Files.writeString(
                    folder.resolve("temporal.toml"), "[profile.default]\naddress = \"127.0.0.1:9\"\n");
            return Map.of("XDG_STATE_HOME", folder.toString(), "TEMPORAL_CONFIG_FILE", config.toString());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
