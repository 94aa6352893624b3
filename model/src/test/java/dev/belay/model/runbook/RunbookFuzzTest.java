package dev.belay.model.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the bytes are, the reader answers with a runbook or with problems, each of one printable line. */
class RunbookFuzzTest {

    private static final List<String> SNIPPETS = List.of(
            "",
            " ",
            "\n",
            "\t",
            "\r\n",
            ":",
            ": ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "&a ",
            "*a",
            "!!str ",
            "<<: *a",
            "|",
            ">",
            "'",
            "\"",
            "\\",
            "#",
            "---\n",
            "...\n",
            "? ",
            "%YAML 9\n",
            "${{",
            "}}",
            "${{ hop.first }}",
            "null",
            "true",
            "-1",
            "99999999999999999999",
            "0x1f",
            "1e999",
            ".nan",
            "yes",
            "\u0000",
            "\u001b[2J",
            "\u2028",
            "\uFEFF",
            "\u202E",
            "😀",
            "$(rm -rf /)",
            "needs: [a]",
            "when: steps.a.b",
            "id",
            "~",
            "@",
            "`",
            "steps:",
            "forEach: {nodes: workers}",
            "approve: {}",
            "soak: 1s",
            "with: {a: {b: [c]}}",
            "a: b: c",
            "[[[[[[[[[[[[[[[[[[[[");

    @Test
    void neverFailsInAnyOtherWay() throws IOException {
        byte[] shipped = Files.readAllBytes(Path.of("../runbooks/kubeadm-minor.yaml"));
        byte[] everything = Files.readAllBytes(Path.of("src/test/resources/runbooks/valid/everything.yaml"));
        Random random = new Random(20_240_607);
        int refused = 0;

        for (int round = 0; round < 1_500; round++) {
            byte[] content = mutated(round % 2 == 0 ? shipped : everything, random);
            refused += isRefusedInWords(content) ? 1 : 0;
        }

        assertThat(refused).isBetween(1_000, 1_500);
    }

    private static boolean isRefusedInWords(byte[] content) {
        try {
            RunbookReader.read("f", content, TestSignatures.all());
            return false;
        } catch (InvalidDocument e) {
            assertThat(e.problems()).isNotEmpty().allSatisfy(problem -> {
                assertThat(problem.message()).isNotBlank().hasSizeLessThanOrEqualTo(400);
                assertThat(problem.toString().chars()).allMatch(c -> !Character.isISOControl(c));
                assertThat(problem.line()).isNotNegative();
                assertThat(problem.line() == 0).isEqualTo(problem.column() == 0);
            });
            return true;
        }
    }

    private static byte[] mutated(byte[] original, Random random) {
        byte[] content = original;
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            content = mutatedOnce(content, random);
        }
        return content;
    }

    private static byte[] mutatedOnce(byte[] content, Random random) {
        int at = random.nextInt(content.length + 1);
        return switch (random.nextInt(5)) {
            case 0 -> spliced(content, at, at, snippet(random));
            case 1 -> spliced(content, at, Math.min(content.length, at + random.nextInt(12)), snippet(random));
            case 2 -> spliced(content, at, at, new byte[] {(byte) random.nextInt(256)});
            case 3 -> Arrays.copyOf(content, Math.max(1, at));
            default -> lineMoved(content, random);
        };
    }

    private static byte[] lineMoved(byte[] content, Random random) {
        List<String> lines = new ArrayList<>(List.of(new String(content, StandardCharsets.ISO_8859_1).split("\n", -1)));
        String line = lines.get(random.nextInt(lines.size()));
        lines.add(random.nextInt(lines.size() + 1), line);
        return String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] snippet(Random random) {
        return SNIPPETS.get(random.nextInt(SNIPPETS.size())).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] spliced(byte[] content, int from, int to, byte[] replacement) {
        byte[] result = new byte[content.length - (to - from) + replacement.length];
        System.arraycopy(content, 0, result, 0, from);
        System.arraycopy(replacement, 0, result, from, replacement.length);
        System.arraycopy(content, to, result, from + replacement.length, content.length - to);
        return result;
    }
}
