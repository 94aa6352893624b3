package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.cli.text.Words;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped runbook stands at a drain, and whoever is on call looks at it from another terminal. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParkedRunTest {

    private static final Path RUNBOOK = Path.of("..", "runbooks", "kubeadm-minor.yaml");
    private static final Path INVENTORY = Path.of("..", "clusters", "lab.yaml");

    private UnderWay parked;
    private Path folder;

    @BeforeAll
    void parks(@TempDir Path temporary) {
        folder = temporary;
        parked = UnderWay.rehearse(
                temporary, RUNBOOK.toString(), "--to", "v1.34.4", "--small", "--fault", "drain=drain-blocked@w1");
        parked.standsAt("PARKED", "drain", "w1");
    }

    @AfterAll
    void ends() {
        parked.close();
    }

    @Test
    void showFitsAScreenAndNamesTheCommandToType() {
        String text = parked.type("show", "@latest").succeeds().out();

        assertThat(text.lines()).hasSizeLessThanOrEqualTo(24).allMatch(line -> Words.width(line) <= 100);
        assertThat(text)
                .contains("PARKED", "at drain on w1 since", "w1 is not empty")
                .contains("next     belay retry " + parked.run() + " --step drain --node w1\n")
                .contains("abort    would uncordon w1; put the package source and holds back on w1 cp1;")
                .contains("versions stay as they are");
    }

    @ParameterizedTest
    @CsvSource({"list,list", "show,run", "logs,logs", "steps,steps", "completion,completion"})
    void everyVerbThatPrintsGivesOneDocumentTrueToItsSchema(String verb, String schema) {
        JsonNode json = parked.type(verb, "-o", "json").succeeds().json(schema);
        JsonNode yaml = parked.type(verb, "-o", "yaml").succeeds().yaml(schema);

        assertThat(yaml.fieldNames()).toIterable().containsExactlyElementsOf(names(json));
    }

    @Test
    void itsCauseIsDiagnosedFromWhatTheStepSaid() {
        JsonNode cause = parked.type("diagnose", parked.run(), "-o", "json")
                .succeeds()
                .json("diagnose")
                .path("causes")
                .path(0);

        assertThat(cause.path("id").asText()).isEqualTo("drain-disruption-budget");
        assertThat(parked.type("show", "@latest").succeeds().out())
                .contains("cause    A PodDisruptionBudget does not let a pod go");
    }

    @Test
    void oneStepTypeIsADocumentToo() {
        assertThat(parked.type("steps", "node.drain", "-o", "json")
                        .succeeds()
                        .json("steps")
                        .get("uses")
                        .asText())
                .isEqualTo("node.drain");
        assertThat(parked.type("steps", "node.dran").endsWith(1).err()).contains("no step type \"node.dran\"");
    }

    @Test
    void watchEndsWithCode5AndOneDocumentWhenAPersonIsNeeded() {
        Typed watched = parked.type("watch", "@latest", "--on-park", "exit", "-o", "json")
                .endsWith(5);

        assertThat(watched.json("run").get("status").asText()).isEqualTo("PARKED");
        assertThat(watched.err()).contains("run " + parked.run() + "  PARKED");
    }

    @ParameterizedTest
    @CsvSource({
        "approve,nothing is awaiting approval",
        "reject,nothing is awaiting approval",
        "resume,the run is not paused"
    })
    void aCommandThatDoesNotFitIsRefusedInWordsAndOnRecord(String verb, String why) {
        Typed typed = parked.type(verb, "@latest", "--actor", verb + "@desk", "--reason", "because", "-o", "json")
                .endsWith(3);

        assertThat(typed.json("reply").get("accepted").asBoolean()).isFalse();
        assertThat(typed.err()).contains("belay: refused: " + why);
        assertThat(parked.type("logs", "@latest").succeeds().out())
                .contains(verb + "  REFUSED  by " + verb + "@desk: \"because\"  " + why);
    }

    @Test
    void rollbackShowsTheLadderAndSaysWhyARungIsClosed() {
        String ladder = parked.type("rollback", "@latest").succeeds().out();
        assertThat(ladder)
                .contains("step            takes back drain on w1, and stands there; loses nothing")
                .contains("restore         takes every member back to twin/" + parked.run() + "/v1.34.4/")
                .contains("hold            stops here: new control plane")
                .contains("etcd-downgrade  takes etcd from 3.6 back to 3.5, live, one member at a time");

        assertThat(parked.type("rollback", "@latest", "--rung", "nose")
                        .endsWith(1)
                        .err())
                .contains("\"nose\" is no rung; there are step, node, hold, etcd-downgrade, restore");
        assertThat(parked.type("rollback", "@latest", "--rung", "hold")
                        .endsWith(1)
                        .err())
                .contains("rollback needs a reason");
    }

    @Test
    void aPauseIsTakenOnceAndAResumeToo() {
        Typed paused = parked.type("pause", "@latest", "-o", "yaml").succeeds();
        assertThat(paused.yaml("reply").get("accepted").asBoolean()).isTrue();
        assertThat(parked.type("pause", "@latest").endsWith(3).err()).contains("paused already");
        parked.type("resume", parked.run()).succeeds();
    }

    @Test
    void aCommandForAnotherStepNamesTheOneThatStands() {
        assertThat(parked.type("retry", "@latest", "--step", "cordon", "--node", "w1")
                        .endsWith(3)
                        .err())
                .contains("cordon on w1 is not parked; this is: drain on w1");
        assertThat(parked.type("retry", "@latest", "--plan", "sha256:old")
                        .endsWith(3)
                        .err())
                .contains("the run follows plan sha256:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"skip", "reject", "abort"})
    void whatCannotBeTakenBackNeedsAReason(String verb) {
        assertThat(parked.type(verb, "@latest").endsWith(1).err()).contains(verb + " needs a reason");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffff", "latest", "3fa;rm -rf /", "../../etc/passwd"})
    void aRunThatIsNotThereIsOneLine(String reference) {
        for (String verb : List.of("show", "watch", "logs", "pause")) {
            assertThat(parked.type(verb, reference).endsWith(1).err().lines()).hasSize(1);
        }
    }

    @Test
    void wrongUsageEndsWithCode1() {
        parked.type("retry").endsWith(1);
        parked.type("show", "@latest", "-o", "xml").endsWith(1);
        assertThat(parked.type("retry", "@latest", "--node", "w1;reboot")
                        .endsWith(1)
                        .err())
                .contains("--node: ");
    }

    @Test
    void aReasonWithQuotesAndLineBreaksIsOneLineOfTheLog() {
        parked.type(
                        "approve",
                        "@latest",
                        "--actor",
                        "eve",
                        "--reason",
                        "x\n2026-01-01T00:00:00Z  run  ENDED \u001b[2J'\"")
                .endsWith(3);

        assertThat(parked.type("logs", "@latest").succeeds().out())
                .contains("by eve: \"x 2026-01-01T00:00:00Z run ENDED [2J'\"\"")
                .doesNotContain("\u001b");
    }

    @Test
    void aSecondRunOnTheSameClusterIsRefusedAndNamesTheFirst() throws IOException {
        String inventory = Files.readString(INVENTORY).replace("metadata: {name: lab}", "metadata: {name: twin}");
        Path file = Files.writeString(folder.resolve("twin.yaml"), inventory);

        Typed second = parked.type("run", RUNBOOK.toString(), "--cluster", file.toString(), "--to", "v1.34.4", "--yes")
                .endsWith(3);

        assertThat(second.err()).contains("belay: refused: ", parked.run());
    }

    @Test
    void followedLogsTellWhatIsSaidMeanwhileAndCtrlCEndsThem() throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = Typed.terminal(out, err, parked.environment());
        AtomicInteger code = new AtomicInteger(-1);
        Thread follower = new Thread(() -> code.set(Main.run(terminal, "logs", "--follow")), "follower");
        follower.start();
        appears(out, "drain on w1  PARKED");
        parked.type("approve", "@latest", "--actor", "mallory@desk").endsWith(3);
        appears(out, "approve  REFUSED  by mallory@desk");

        follower.interrupt();
        follower.join(20_000);
        assertThat(code).as("%s", err).hasValue(0);
    }

    private static void appears(ByteArrayOutputStream out, String text) {
        Instant until = Instant.now().plusSeconds(20);
        while (!out.toString(StandardCharsets.UTF_8).contains(text)) {
            assertThat(Instant.now()).as("%s", out).isBefore(until);
            Thread.onSpinWait();
        }
    }

    @Test
    void completionKnowsEveryVerbAndOption() {
        assertThat(parked.type("completion").succeeds().out()).contains("logs", "--follow", "rollback", "--on-park");
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
