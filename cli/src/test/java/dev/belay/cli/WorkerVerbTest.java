package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.worker.EmbeddedServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code belay worker} as a process of its own, at an embedded server. */
class WorkerVerbTest {

    private static final Path INVENTORY = Path.of("..", "clusters", "lab.yaml");

    @TempDir
    Path folder;

    private EmbeddedServer server;

    @BeforeEach
    void begin() {
        server = EmbeddedServer.start();
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void saysWhatItPollsAndEndsWithCode0OnSigterm() throws IOException, InterruptedException {
        Process worker = start(INVENTORY);
        try (BufferedReader said = worker.inputReader()) {
            assertThat(said.readLine())
                    .startsWith("belay worker ")
                    .contains("polling on task queues belay and lab of " + server.target());
            worker.toHandle().destroy();
            assertThat(said.readLine()).isEqualTo("belay worker: letting go; remote jobs go on");
            assertThat(said.readLine()).isNull();
            assertThat(worker.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(worker.exitValue()).isZero();
        } finally {
            worker.destroyForcibly();
        }
    }

    @Test
    void refusesAnInventoryThatIsWrongWithEveryPlaceAndCode1() throws IOException {
        String text =
                Files.readString(INVENTORY).replace("user: ops", "usr: ops").replace("role: worker", "role: wrk");
        Path inventory = Files.writeString(folder.resolve("lab.yaml"), text);

        Typed worker = type("worker", "--cluster", inventory.toString()).endsWith(1);

        assertThat(worker.out()).isEmpty();
        assertThat(worker.err())
                .startsWith("belay: the file cannot be used:\n")
                .contains("lab.yaml:9:", "\"usr\"", "\"wrk\"", "controlPlane");
    }

    @Test
    void needsAnInventoryThatIsThere() {
        assertThat(type("worker", "--cluster", "nowhere.yaml").endsWith(1).err())
                .contains("nowhere.yaml", "there is no such file");
        assertThat(type("worker").endsWith(1).err()).contains("--cluster");
    }

    private Typed type(String... arguments) {
        return Typed.in(Map.of("TEMPORAL_ADDRESS", server.target()), arguments);
    }

    private Process start(Path inventory) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        new File(System.getProperty("java.home"), "bin/java").getPath(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "worker",
                        "--cluster",
                        inventory.toString())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("TEMPORAL_"));
        builder.environment().put("TEMPORAL_ADDRESS", server.target());
        return builder.start();
    }
}
