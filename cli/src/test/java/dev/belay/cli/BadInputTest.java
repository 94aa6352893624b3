package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people get wrong, typed as they type it: one message that names the place and what would be right, the exit code, no trace. */
class BadInputTest {

    private static final Path SHIPPED = Path.of("..", "runbooks", "kubeadm-minor.yaml");
    private static final Path LAB = Path.of("..", "clusters", "lab.yaml");
    private static final String NOBODY = "127.0.0.1:9";

    @TempDir
    Path folder;

    private record Said(int code, String out, String err) {}

    @Test
    void everythingWrongInARunbookIsSaidAtOnceWithItsPlace() throws IOException {
        Path runbook = file("""
                apiVersion: belay.dev/v1
                kind: Runbook
                metadata: {name: x, version: 1.0.0, descripton: hi}
                inputs:
                  t: {type: durations, default: 15m}
                  n: {type: integer, default: abc}
                phases:
                  prep:
                    - {id: a, uses: check.access, needs: [c]}
                    - {id: b, uses: check.etcd, needs: [a]}
                    - {id: c, uses: check.etcd, needs: [b]}
                    - {id: d, uses: check.etcd, needs: [nope]}
                    - {id: d, uses: check.etcd}
                    - {id: e, uses: check.etcd, when: steps.versions.controlPlane == "v1.34.4"}
                    - {id: versions, uses: check.versions}
                    - {id: f, uses: [a], timeout: forever}
                    - {id: "x; rm -rf /", uses: check.disk}
                  workers: nonsense
                """);

        Said said = typed("lint", runbook.toString());

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out().lines().map(line -> line.replaceFirst("^.*runbook\\.yaml:", "")))
                .containsExactly(
                        "3:37: \"descripton\" is not a key of metadata; did you mean \"description\"?; known are name, version, description, purpose [unknown-key]",
                        "5:13: \"type\" should be one of string, integer, boolean, duration, kubernetesVersion, strings, not \"durations\"; did you mean \"duration\"? [value]",
                        "6:31: \"default\" should be a whole number such as 3, as the input's type says, not \"abc\" [type]",
                        "9:43: these steps wait for each other: a needs c needs b needs a [cycle]",
                        "12:41: \"d\" needs \"nope\", which is not a step [missing-need]",
                        "13:12: the id \"d\" is taken: line 12 has it, and ids are unique in the whole runbook [duplicate-id]",
                        "14:39: step \"versions\" is not upstream: only steps that this one needs, directly or through others, can be referred to [not-upstream]",
                        "16:21: \"uses\" should be the name of a step type, see belay steps, not a list [type]",
                        "16:35: \"timeout\" should be a duration such as 90s, 5m or 1h30m, longer than 0s and at most 720h, not \"forever\" [value]",
                        "17:12: \"id\" should be a letter, then letters, digits or \"-\", at most 40 characters, not \"x; rm -rf /\" [value]",
                        "18:12: \"workers\" should be a list of steps, or an object with onFailure and steps, not \"nonsense\" [type]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lint", "run", "plan", "rehearse"})
    void noVerbGoesOnWithABadRunbook(String verb) throws IOException {
        Path runbook = file("apiVersion: belay.dev/v1\nkind: Runbook\nphases: {prep: [{id: a}]}\n");
        List<String> rest =
                switch (verb) {
                    case "lint" -> List.of();
                    case "rehearse" -> List.of("--to", "v1.34.4");
                    default -> List.of("--to", "v1.34.4", "--cluster", LAB.toString());
                };

        Said said = typed(words(verb, runbook.toString(), rest));

        assertThat(said.code()).isEqualTo(verb.equals("lint") ? 2 : 1);
        assertThat(said.out() + said.err())
                .contains("runbook.yaml:1:1: a runbook must have \"metadata\"")
                .doesNotContain("Exception", "\tat ");
    }

    @Test
    void anchorsThatWouldExplodeAreNotFollowed() throws IOException {
        StringBuilder bomb = new StringBuilder("apiVersion: belay.dev/v1\nkind: Runbook\na0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "x"));
        }

        Said said = typed("lint", file(bomb.toString()).toString());

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out().lines().filter(line -> line.contains("anchors (&) are not read")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("runbook.yaml:3:5:"));
        assertThat(said.out().lines().filter(line -> line.contains("aliases (*) are not read")))
                .hasSize(1);
    }

    @Test
    void aFileOfFiftyMegabytesIsNotRead() throws IOException {
        Path runbook = file("# " + "x".repeat(50 << 20));

        assertThat(typed("lint", runbook.toString()).code()).isEqualTo(2);
        assertThat(typed("lint", runbook.toString()).out())
                .contains("larger than 1 MB")
                .hasSizeLessThan(400);
    }

    @ParameterizedTest
    @CsvSource({
        "v1.33.13, v1.33.1, target-older, choose a target newer than v1.33.13",
        "v1.33.13, v1.33.13, target-equal, the cluster is at v1.33.13 already",
        "v1.33.13, v1.99.0, target-unknown, choose a target in 1.24 to 1.37"
    })
    void aTargetThatIsNoTargetStopsThePlan(String from, String to, String rule, String words) {
        Said said = typed("rehearse", SHIPPED.toString(), "--small", "--from", from, "--to", to);

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).contains("BLOCKED by 1 finding", to, words, rule).doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.34", "latest", "v1.34.4-rc.1", "v1.34.4; rm -rf /", "$(reboot)", "v1.34.4\nv1.34.5"})
    void aVersionThatIsNoneIsWrongUsage(String version) {
        Said to = typed("rehearse", SHIPPED.toString(), "--to", version);
        Said via = typed("plan", SHIPPED.toString(), "--cluster", LAB.toString(), "--to", "v1.34.4", "--via", version);

        assertThat(List.of(to.code(), via.code())).containsOnly(1);
        assertThat(to.err()).contains("--to", "it should look like v1.34.4").hasLineCount(1);
        assertThat(via.err()).contains("--via", "it should look like v1.34.4").hasLineCount(1);
    }

    @Test
    void aWayBackThatIsRehearsedBreaksTheClimbItself() {
        Said said = typed(
                "rehearse", SHIPPED.toString(), "--to", "v1.34.4", "--with-rollback", "--fault", "drain=drain-blocked");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains("--with-rollback breaks the climb itself", "leave out --fault")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({
        "drainTimeout=15m; rm -rf /, drainTimeout, 90s",
        "'drainTimeout=1m\n; reboot', drainTimeout, 90s",
        "colour=red, colour, drainTimeout"
    })
    void anInputOfAnotherTypeStopsThePlan(String given, String name, String right) {
        Said said = typed(
                "rehearse", SHIPPED.toString(), "--small", "--from", "v1.33.13", "--to", "v1.34.4", "--set", given);

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).contains("BLOCKED by 1 finding", name, right).doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource({
        "site: lab, site",
        "user: ops, user",
        "address: 172.30.0.11, address",
        "node: w2, node",
        "zone: a, zone",
        "revision: '1.1', revision",
        "'keyring: /etc/apt/keyrings/kubernetes-apt-keyring.gpg', keyring",
        "sourceFile: /etc/apt/sources.list.d/kubernetes.list, sourceFile",
        "'repository: http://172.30.0.1:5080/core:/stable:/v{minor}/deb/', repository",
        "name: Swap, name",
        "'metadata: {name: lab}', name"
    })
    void noTextOfTheInventoryCanReachAShellAsMoreThanAWord(String field, String key) throws IOException {
        String text = Files.readString(LAB);
        assertThat(text).contains(field);
        for (String hostile : List.of("; rm -rf /", "\\n; reboot", "$(id)", "`id`", "' || id '", "\\\" && id")) {
            String value = field.replaceFirst("^.*?: *(\\{name: )?", "").replaceAll("['}]+$", "");
            String bad = field.replaceFirst(
                    Pattern.quote(value) + "'?",
                    java.util.regex.Matcher.quoteReplacement("\"" + value + hostile + "\""));
            Path inventory = file(text.replace(field, bad.replace("'\"", "\"")));

            Said said = typed("plan", SHIPPED.toString(), "--cluster", inventory.toString(), "--to", "v1.34.4");

            assertThat(said.code()).as(bad).isEqualTo(1);
            assertThat(said.err())
                    .as(bad)
                    .containsPattern("runbook\\.yaml:[0-9]+:[0-9]+: .*" + key)
                    .doesNotContain("Exception");
        }
    }

    @Test
    void aHostileListOfPackagesIsNoListOfPackages() throws IOException {
        Path runbook =
                file(Files.readString(SHIPPED).replace("packages: [kubeadm]", "packages: [\"kubeadm; rm -rf /\"]"));

        Said said = typed("lint", runbook.toString());

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).contains("packages", "kubeadm, kubelet, kubectl");
    }

    @ParameterizedTest
    @CsvSource({"'hosts: []', is empty", "hosts: 3, list", "'hosts: [{node: w1}]', must have"})
    void anInventoryNeedsItsHosts(String hosts, String words) throws IOException {
        String text = Files.readString(LAB).replaceFirst("(?s)hosts:\n.*?\npackages:", hosts + "\npackages:");

        Said said = typed("plan", SHIPPED.toString(), "--cluster", file(text).toString(), "--to", "v1.34.4");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).containsPattern("runbook\\.yaml:12:[0-9]+: .*" + words);
    }

    @Test
    void aHostStandsOnceInAnInventory() throws IOException {
        String text = Files.readString(LAB)
                .replace(
                        "node: w2, role: worker, address: 172.30.0.52", "node: w1, role: worker, address: 172.30.0.51");

        Said said = typed("lint", file(text).toString());

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out().lines())
                .hasSize(2)
                .allMatch(line -> line.contains("runbook.yaml:17:") && line.contains("the first is in line 16"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not: [a kubeconfig | is not YAML",
                "just text | is not YAML",
                "'{apiVersion: v1, kind: Config, clusters: []}' | kubeconfig",
                " | which is not there"
            })
    void aKubeconfigThatCannotBeUsedIsNamed(String content, String words) throws IOException {
        Path kubeconfig = folder.resolve("admin.conf");
        if (content != null) {
            Files.writeString(kubeconfig, content);
        }
        Path inventory = file(Files.readString(LAB).replaceFirst("kubeconfig: .*", "kubeconfig: file:" + kubeconfig));

        Said said = typed("plan", SHIPPED.toString(), "--cluster", inventory.toString(), "--to", "v1.34.4");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .hasLineCount(1)
                .contains("kubeconfig", "file:" + kubeconfig)
                .containsIgnoringCase(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "worker", "setup", "show"})
    void withoutATemporalServerTheAddressAskedIsNamed(String verb) {
        List<String> rest =
                switch (verb) {
                    case "run" -> List.of(SHIPPED.toString(), "--cluster", LAB.toString(), "--to", "v1.34.4");
                    case "worker" -> List.of("--cluster", LAB.toString());
                    case "show" -> List.of("@latest");
                    default -> List.of();
                };

        Said said = typed(words(verb, rest));

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).hasLineCount(1).contains(NOBODY, "TEMPORAL_ADDRESS");
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("runbook.yaml"), content);
    }

    private static String[] words(Object... parts) {
        return Arrays.stream(parts)
                .flatMap(part -> part instanceof List<?> list ? list.stream() : java.util.stream.Stream.of(part))
                .map(Object::toString)
                .toArray(String[]::new);
    }

    private Said typed(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new BufferedReader(new StringReader("")),
                Map.of("TEMPORAL_ADDRESS", NOBODY, "LAB_HOME", folder.toString(), "XDG_STATE_HOME", folder.toString()),
                false,
                false);
        int code = Main.run(terminal, arguments);
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
