package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.belay.worker.RehearsalFiles;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A rehearsal in one terminal, and verbs typed in another one. */
final class UnderWay implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> code;
    private final Map<String, String> home;
    private final RehearsalFiles.Entry entry;

    private UnderWay(Path folder, List<String> arguments) {
        home = Map.of("XDG_STATE_HOME", folder.toString(), "HOME", folder.toString());
        List<String> line = new ArrayList<>(List.of("rehearse"));
        line.addAll(arguments);
        Terminal terminal = Typed.terminal(out, err, home);
        code = CompletableFuture.supplyAsync(() -> Main.run(terminal, line.toArray(String[]::new)), thread);
        entry = begun();
    }

    static UnderWay rehearse(Path folder, String... arguments) {
        return new UnderWay(folder, Arrays.asList(arguments));
    }

    private RehearsalFiles.Entry begun() {
        Instant until = Instant.now().plus(PATIENCE);
        RehearsalFiles files = new RehearsalFiles(home);
        while (files.alive().isEmpty()) {
            assertThat(code).as("the rehearsal: %s", err).isNotDone();
            assertThat(Instant.now()).as("the rehearsal: %s", err).isBefore(until);
            Thread.onSpinWait();
        }
        return files.alive().get(0);
    }

    String run() {
        return entry.run();
    }

    /** Its server is named on purpose, so that no other is asked. */
    Map<String, String> environment() {
        return Map.of(
                "XDG_STATE_HOME", home.get("XDG_STATE_HOME"), "HOME", home.get("HOME"), "TEMPORAL_ADDRESS", target());
    }

    String target() {
        return entry.target();
    }

    Typed type(String... arguments) {
        return Typed.in(environment(), arguments);
    }

    /** Waits until the run stands where it is said, for a person; a simulated one may answer some of the questions. */
    JsonNode standsAt(String status, String step, String node) {
        return standsAt(run(), status, step, node);
    }

    /** The same of another run of the rehearsal. */
    JsonNode standsAt(String run, String status, String step, String node) {
        Instant until = Instant.now().plus(PATIENCE);
        String place = "";
        JsonNode shown = MissingNode.getInstance();
        while (!place.equals(status + " " + step + " " + node)) {
            assertThat(Instant.now()).as("stands at %s; %s", place, err).isBefore(until);
            type("watch", run, "--on-park", "exit").endsWith(5);
            shown = type("show", run, "-o", "json").succeeds().json("run");
            var parked = shown.get("parked");
            place = shown.get("status").asText() + " "
                    + parked.path("step").asText() + " "
                    + parked.path("node").asText("");
        }
        return shown;
    }

    /** What the first terminal's verb ended with. */
    Typed ended() {
        try {
            int ended = code.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return new Typed(ended, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the rehearsal did not end: " + err, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** As Ctrl-C does where nobody can be asked. */
    @Override
    public void close() {
        thread.shutdownNow();
        ended();
    }
}
