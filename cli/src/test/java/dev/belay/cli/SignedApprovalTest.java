package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.model.approval.Person;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.plan.Plan;
import dev.belay.worker.Rehearsal;
import dev.belay.worker.Rehearsal.Settings;
import dev.belay.workflows.RunInput;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two people of an inventory approve from their terminals, with keys of the real ssh-keygen, and an auditor checks it without Belay. */
class SignedApprovalTest {

    private static final String RUNBOOK = """
            apiVersion: belay.dev/v1
            kind: Runbook
            metadata: {name: asked, version: 1.0.0, purpose: maintenance}
            defaults: {timeout: 10m, retry: {attempts: 1}, onFailure: park}
            phases:
              prep:
                - {id: access, uses: check.access}
                - {id: go, approve: {reason: Begin, min: 2, by: [lead], expires: 12h}, needs: [access]}
            """;

    @TempDir
    Path folder;

    private Rehearsal rehearsal;
    private Map<String, String> environment;
    private String run;

    @BeforeEach
    void asks() throws Exception {
        assumeTrue(new File("/usr/bin/ssh-keygen").canExecute(), "no ssh-keygen: install openssh-client");
        for (String who : List.of("ada", "linus", "mallory")) {
            shell("ssh-keygen -q -t ed25519 -N '' -f " + who);
        }
        Map<String, String> home = Map.of("XDG_STATE_HOME", folder.toString(), "HOME", folder.toString());
        KubernetesVersion version = KubernetesVersion.parse("v1.34.4");
        rehearsal = Rehearsal.start(Settings.of(version, true, 1, List.of(), home), line -> {});
        environment = Map.of(
                "XDG_STATE_HOME",
                folder.toString(),
                "TEMPORAL_ADDRESS",
                rehearsal.connection().target());
        run = rehearsal.run(RunInput.of(signed(), rehearsal.ports().inventory().site(), "linus@desk", "a test", null));
        assertThat(type("watch", run, "--on-park", "exit").code()).isEqualTo(5);
    }

    @AfterEach
    void ends() {
        if (rehearsal != null) {
            rehearsal.close();
        }
    }

    private Plan signed() throws IOException {
        Path runbook = Files.writeString(folder.resolve("asked.yaml"), RUNBOOK);
        Plan plan = Objects.requireNonNull(
                Planned.rehearsed(Documents.runbook(runbook.toString()), rehearsal.ports(), ClimbChoice.of(Map.of()))
                        .plan());
        return new Plan(
                plan.runbook(),
                plan.runbookDigest(),
                plan.cluster(),
                plan.inventoryDigest(),
                plan.ignorePreflightErrors(),
                List.of(person("ada"), person("linus")),
                plan.from(),
                plan.to(),
                plan.hops(),
                plan.inputs(),
                plan.signatures(),
                plan.digest());
    }

    private Person person(String name) throws IOException {
        return new Person(
                name,
                List.of("lead"),
                List.of(Files.readString(key(name + ".pub")).strip()));
    }

    @Test
    void twoWhoSignLetItGoOnAndOpenSshProvesItOffline() throws Exception {
        approve("ada").succeeds();
        assertThat(type("show", run, "-o", "json")
                        .json("run")
                        .get("parked")
                        .get("why")
                        .asText())
                .contains("1 of 2 approved, by ada; until");
        approve("linus").succeeds();
        assertThat(type("watch", run).succeeds().out()).contains("approved by ada, linus");

        JsonNode document = type("approvals", run, "--out", key("proof").toString(), "-o", "json")
                .succeeds()
                .json("approvals");

        assertThat(document.get("approvals").asText()).isEqualTo("SIGNED");
        List<JsonNode> counted = document.get("given").findParents("counted").stream()
                .filter(given -> given.get("counted").asBoolean())
                .toList();
        assertThat(counted).extracting(given -> given.get("by").asText()).containsExactly("ada", "linus");
        for (JsonNode given : counted) {
            assertThat(shell("cd proof && " + given.get("check").asText()))
                    .contains("Good \"belay-approval\" signature");
        }
    }

    @Test
    void whoIsNotListedOrSignsWithAnothersKeyIsRefusedBeforeItIsSent() {
        assertThat(type(
                                "approve",
                                run,
                                "--actor",
                                "mallory@desk",
                                "--key",
                                key("mallory").toString())
                        .endsWith(1)
                        .err())
                .contains("--actor: the inventory lists no mallory; it lists ada, linus");
        assertThat(type(
                                "approve",
                                run,
                                "--actor",
                                "ada@desk",
                                "--key",
                                key("mallory").toString())
                        .endsWith(3)
                        .err())
                .contains("not sent, as it would not count", "is of nobody that the inventory lists");
        assertThat(type(
                                "approve",
                                run,
                                "--actor",
                                "ada@desk",
                                "--key",
                                key("nowhere").toString())
                        .endsWith(1)
                        .err())
                .contains("--key: " + key("nowhere") + " cannot be read");
        assertThat(type("approve", run, "--actor", "ada@desk").endsWith(1).err())
                .contains("the agent signs with no key that the inventory lists for ada (", "name the file with --key")
                .doesNotContain("belay-");
    }

    @Test
    void whatTheRehearsedPeopleSayUnsignedIsOnRecordAndCountsForNothing() {
        String approvals = type("approvals", run).succeeds().out();

        assertThat(approvals).contains("ada@rehearsal  not signed  does not count: ada@rehearsal did not sign");
        assertThat(type("show", run).succeeds().out()).contains("0 of 2 approved");
    }

    private Typed approve(String who) {
        return type(
                "approve", run, "--actor", who + "@desk", "--key", key(who).toString(), "--reason", "it's \\ fine\n");
    }

    private Typed type(String... arguments) {
        return Typed.in(environment, arguments);
    }

    private Path key(String name) {
        return folder.resolve(name);
    }

    private String shell(String line) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
        return said;
    }
}
