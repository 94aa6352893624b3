package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One night: a run asks, stands three times and is given up, and everything is said from another terminal. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TakeOverTest {

    private static final String RUNBOOK = """
            apiVersion: belay.dev/v1
            kind: Runbook
            metadata: {name: night, version: 1.0.0, description: Empties workers and fills them again}
            defaults: {timeout: 30m, retry: {attempts: 2}, onFailure: park}
            phases:
              prep:
                - {id: access, uses: check.access}
                - {id: lock, uses: cluster.lock, needs: [access]}
                - {id: go, approve: {reason: Begin, min: 3, expires: 12h}, needs: [lock]}
              workers:
                - id: pool
                  forEach: {nodes: workers, batch: {size: 1}}
                  steps:
                    - {id: cordon, uses: node.cordon}
                    - {id: drain, uses: node.drain, needs: [cordon], with: {timeout: 1m}}
                    - {id: uncordon, uses: node.uncordon, needs: [drain]}
            """;

    private UnderWay night;

    @BeforeAll
    void begins(@TempDir Path folder) throws IOException {
        Path runbook = Files.writeString(folder.resolve("night.yaml"), RUNBOOK);
        night = UnderWay.rehearse(
                folder,
                runbook.toString(),
                "--to",
                "v1.34.4",
                "--fault",
                "drain=drain-blocked@w1",
                "--fault",
                "drain=drain-blocked@w2",
                "--fault",
                "drain=drain-blocked@w3");
    }

    @AfterAll
    void ends() {
        night.close();
    }

    @Test
    @Order(1)
    void aRejectedApprovalParksAndARetryAsksAgain() {
        night.standsAt("AWAITING_APPROVAL", "go", "");
        awaitsTheThirdPerson();

        refused("approved go already", "approve", "@latest", "--actor", "ADA@elsewhere");
        refused("nothing is parked", "retry", "@latest");
        accepted("rejected: go parks", "reject", "@latest", "--actor", "linus@desk", "--reason", "not tonight");
        night.standsAt("PARKED", "go", "");
        refused("cannot be skipped", "skip", "@latest", "--reason", "in a hurry");
        accepted("trying again: go", "retry", "@latest", "--reason", "now it suits");
        night.standsAt("AWAITING_APPROVAL", "go", "");
        awaitsTheThirdPerson();
        accepted(
                "approved by name only: go",
                "approve",
                "@latest",
                "--step",
                "go",
                "--actor",
                "linus@desk",
                "--ticket",
                "CHG-7");
        night.standsAt("PARKED", "drain", "w1");
    }

    @Test
    @Order(2)
    void aParkedStepIsTriedAgainOrSkipped() {
        accepted("trying again: drain on w1", "retry", night.run().substring(0, 6), "--reason", "relaxed");
        night.standsAt("PARKED", "drain", "w2");
        accepted("skipping drain on w2", "skip", night.run(), "--step", "drain", "--node", "w2", "--reason", "empty");
        night.standsAt("PARKED", "drain", "w3");

        JsonNode steps = night.type("show", "@latest", "-o", "json").json("run").get("steps");
        assertThat(steps)
                .filteredOn(step -> step.get("id").asText().equals("drain"))
                .extracting(step ->
                        step.get("node").asText() + " " + step.get("state").asText())
                .startsWith("w1 DONE", "w2 SKIPPED", "w3 PARKED");
    }

    @Test
    @Order(3)
    void theLogTellsTheNightInOrderWithRefusalsAndReasons() {
        String log = night.type("logs", "@latest").succeeds().out();

        assertThat(log)
                .containsSubsequence(
                        "run  STARTED  twin v1.33.13 → v1.34.4",
                        "prep  lock (cluster.lock)  BEGUN",
                        "prep  lock (cluster.lock)  DONE",
                        "[locked]",
                        "prep  go  AWAITING_APPROVAL  Begin",
                        "approve go  REFUSED  by ADA@elsewhere",
                        "approved go already",
                        "retry  REFUSED  by ",
                        "reject go  ACCEPTED  by linus@desk: \"not tonight\"",
                        "prep  go  PARKED",
                        "skip go  REFUSED",
                        "cannot be skipped",
                        "retry go  ACCEPTED",
                        "approve go  ACCEPTED  by linus@desk [CHG-7]",
                        "drain on w1 (node.drain)  FAILED",
                        "DRAIN_BLOCKED",
                        "    next  ",
                        "drain on w1  PARKED",
                        "retry drain on w1  ACCEPTED",
                        "drain on w1  RESUMED",
                        "drain on w1 (node.drain)  DONE",
                        "skip drain on w2  ACCEPTED",
                        "drain on w3  PARKED");
    }

    @Test
    @Order(4)
    void theLogIsFilteredByStepAndNodeAndRefusesNamesThatAreNotThere() {
        JsonNode drain = night.type("logs", "@latest", "--step", "drain", "--node", "w2", "-o", "json")
                .succeeds()
                .json("logs");
        assertThat(drain.get("events")).isNotEmpty().allSatisfy(event -> {
            assertThat(event.get("step").asText()).isEqualTo("drain");
            assertThat(event.get("node").asText()).isEqualTo("w2");
        });
        assertThat(drain.get("events"))
                .extracting(event -> event.get("event").asText())
                .containsExactly("BEGUN", "FAILED", "PARKED", "COMMAND", "RESUMED");
        assertThat(night.type("logs", "--step", "node.drain", "--node", "w2")
                        .succeeds()
                        .out())
                .contains("FAILED")
                .doesNotContain("w1");
        assertThat(night.type("logs", "@latest", "--step", "dran").endsWith(1).err())
                .contains("no step \"dran\"", "drain");
        assertThat(night.type("logs", "@latest", "--node", "w9").endsWith(1).err())
                .contains("no node \"w9\"", "w1");
    }

    @Test
    @Order(5)
    void anAbortTakesBackWhatItSaidAndEndsTheRunWithCode4() {
        assertThat(night.type("show", "@latest").succeeds().out())
                .contains("abort    would uncordon w3; give the cluster's lock back; versions stay as they are");

        accepted("aborting", "abort", "@latest", "--reason", "enough");

        Typed ended = night.ended().endsWith(4);
        assertThat(ended.out()).contains("ABORTED", "uncordoned").doesNotContain("ready, cordoned");
    }

    /** Two people are simulated. */
    private void awaitsTheThirdPerson() {
        while (!night.type("show", "@latest").succeeds().out().contains("2 of 3 approved")) {
            Thread.onSpinWait();
        }
    }

    private void accepted(String why, String... arguments) {
        assertThat(night.type(arguments).succeeds().out()).contains("run " + night.run() + ": " + why);
    }

    private void refused(String why, String... arguments) {
        assertThat(night.type(arguments).endsWith(3).err()).contains("belay: refused: ", why);
    }
}
