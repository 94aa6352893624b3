package dev.belay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposeFileTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void isAcceptedByTheComposeProgramAtHand(@TempDir Path secrets) throws Exception {
        Optional<List<String>> compose = composeProgram();
        Assumptions.assumeTrue(compose.isPresent(), "neither docker-compose nor docker compose is installed");

        List<String> argv = Stream.concat(
                        compose.orElseThrow().stream(),
                        Stream.of("-f", ROOT.resolve("docker-compose.yml").toString(), "config", "-q"))
                .toList();
        Ran ran = run(argv, secrets);

        assertThat(ran.output()).isEmpty();
        assertThat(ran.exit()).isZero();
    }

    private static Optional<List<String>> composeProgram() throws Exception {
        for (List<String> program : List.of(List.of("docker", "compose"), List.of("docker-compose"))) {
            if (answers(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    private static boolean answers(List<String> program) throws Exception {
        try {
            return run(Stream.concat(program.stream(), Stream.of("version")).toList(), ROOT)
                            .exit()
                    == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    private static Ran run(List<String> argv, Path directory) throws Exception {
        Process process = new ProcessBuilder(argv)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output);
    }

    private record Ran(int exit, String output) {}
}
