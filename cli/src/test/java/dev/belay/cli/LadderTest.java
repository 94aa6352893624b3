package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways back of a climb of the twin that stands, each typed in another terminal and taken to its end. */
class LadderTest {

    @TempDir
    Path folder;

    private UnderWay climb(String... faults) {
        List<String> line = new ArrayList<>(List.of("../runbooks/kubeadm-minor.yaml", "--to", "v1.34.4", "-o", "json"));
        List.of(faults).forEach(fault -> line.addAll(List.of("--fault", fault)));
        return UnderWay.rehearse(folder, line.toArray(String[]::new));
    }

    @Test
    void aFinishedWorkerGoesBackDrainedWithItsPackagesAndItsKubelet() {
        try (UnderWay climb = climb("drain=drain-blocked@w2")) {
            climb.standsAt("PARKED", "drain", "w2");

            assertThat(rollback(climb, "node", "--node", "w1")).contains("going back by the rung node");
            JsonNode end = climb.ended().endsWith(4).json("run");

            assertThat(end.get("status").asText()).isEqualTo("ROLLED_BACK");
            assertThat(kubelet(end, "w1")).isEqualTo("v1.33.13");
            assertThat(kubelet(end, "cp1")).isEqualTo("v1.34.4");
            assertThat(undone(end, "w1")).contains("workerKubeadm", "workerConfig", "cordon", "kubelet", "uncordon");
            assertThat(undone(end, "cp1")).isEmpty();
            assertThat(end.get("nodes"))
                    .allMatch(node -> node.get("schedulable").asBoolean());
            assertThat(end.get("nodes")).allMatch(node -> node.get("ready").asBoolean());
        }
    }

    @Test
    void theFirstControlPlaneGoesBackWhileTheOthersAreOld() {
        try (UnderWay climb = climb("renew=kubeadm-fails@cp2")) {
            climb.standsAt("PARKED", "renew", "cp2");

            rollback(climb, "node", "--node", "cp1");
            JsonNode end = climb.ended().endsWith(4).json("run");

            assertThat(end.get("status").asText()).isEqualTo("ROLLED_BACK");
            assertThat(undone(end, "cp1")).contains("kubeadm", "apply");
        }
    }

    @Test
    void aNewControlPlaneIsHeldOverOldKubelets() {
        try (UnderWay climb = climb("drain=drain-blocked@w1")) {
            climb.standsAt("PARKED", "drain", "w1");

            rollback(climb, "hold");
            JsonNode end = climb.ended().endsWith(4).json("run");

            assertThat(end.get("status").asText()).isEqualTo("ROLLED_BACK");
            assertThat(kubelet(end, "cp3")).isEqualTo("v1.34.4");
            assertThat(kubelet(end, "w1")).isEqualTo("v1.33.13");
            assertThat(end.get("nodes"))
                    .allMatch(node -> node.get("schedulable").asBoolean());
        }
    }

    @Test
    void aControlPlanePhaseThatFailsGoesBackByItselfAndARetryClimbsItAnew() throws IOException {
        Path runbook = Path.of("..", "runbooks", "kubeadm-minor.yaml");
        String text = Files.readString(runbook).replaceFirst("onFailure: park", "onFailure: rollback");
        Path willing = Files.writeString(folder.resolve("willing.yaml"), text);
        String[] line = {willing.toString(), "--to", "v1.34.4", "-o", "json", "--fault", "renew=kubeadm-fails@cp2"};
        try (UnderWay climb = UnderWay.rehearse(folder, line)) {
            JsonNode parked = climb.standsAt("PARKED", "renew", "cp2");

            assertThat(parked.get("parked").get("why").asText())
                    .startsWith("controlPlane was taken back")
                    .contains("--rung restore");
            assertThat(undone(parked, "cp1")).containsExactly("kubeadm", "apply");
            assertThat(undone(parked, "cp2")).contains("renew");
            climb.type("retry", "@latest").succeeds();
            JsonNode end = climb.ended().succeeds().json("run");

            assertThat(end.get("status").asText()).isEqualTo("COMPLETED");
            assertThat(undone(end, "cp1")).isEmpty();
        }
    }

    @Test
    void aRestoreIsARunOfItsOwnThatTheRehearsalGoesOnWith() {
        try (UnderWay climb = climb("drain=drain-blocked@w2")) {
            climb.standsAt("PARKED", "drain", "w2");

            assertThat(rollback(climb, "restore")).contains("takes twin back to v1.33.13", "asks two people");
            JsonNode end = climb.ended().endsWith(4).json("run");

            assertThat(end.get("status").asText()).isEqualTo("ROLLED_BACK");
            assertThat(end.get("run").asText()).isNotEqualTo(climb.run());
            assertThat(end.get("runbook").get("name").asText()).isEqualTo("etcd-restore");
            assertThat(end.get("nodes"))
                    .hasSize(7)
                    .allMatch(node -> node.get("version").asText().equals("v1.33.13"))
                    .allMatch(node -> node.get("ready").asBoolean())
                    .allMatch(node -> node.get("schedulable").asBoolean());
        }
    }

    @Test
    void aRestoreThatStandsNamesHowFarEachMemberIsAndGoesOnWhenTheNodeHasPowerAgain() {
        try (UnderWay climb = climb("drain=drain-blocked@w2", "etcd.restore=power-cut@cp2")) {
            climb.standsAt("PARKED", "drain", "w2");
            rollback(climb, "restore");
            climb.standsAt("@latest", "PARKED", "restore", "cp2");

            assertThat(climb.type("show", "@latest").succeeds().out())
                    .contains("why      cp2 cannot be reached by SSH: No route to host")
                    .contains("etcd     cp1 cp3 stopped, restored data in place; cp2 stopped, its restore begun")
                    .contains("next     belay retry");
            climb.type("retry", "@latest", "--step", "restore", "--node", "cp2").succeeds();
            JsonNode end = climb.ended().endsWith(4).json("run");

            assertThat(end.get("status").asText()).isEqualTo("ROLLED_BACK");
            assertThat(end.get("nodes"))
                    .allMatch(node -> node.get("version").asText().equals("v1.33.13"))
                    .allMatch(node -> node.get("ready").asBoolean());
        }
    }

    @Test
    void onlyARestoreThatIsOverIsSignedOff() {
        try (UnderWay climb = climb("drain=drain-blocked@w1")) {
            climb.standsAt("PARKED", "drain", "w1");

            Typed refused = climb.type("signoff", "@latest", "--cluster", "../clusters/lab.yaml", "--reason", "done");

            assertThat(refused.endsWith(3).err()).contains("is no restore");
        }
    }

    private static String rollback(UnderWay climb, String rung, String... more) {
        List<String> line =
                new ArrayList<>(List.of("rollback", "@latest", "--rung", rung, "--reason", "it does not suit"));
        line.addAll(List.of(more));
        return climb.type(line.toArray(String[]::new)).succeeds().out();
    }

    private static String kubelet(JsonNode run, String node) {
        return StreamSupport.stream(run.get("nodes").spliterator(), false)
                .filter(each -> each.get("name").asText().equals(node))
                .map(each -> each.get("version").asText())
                .findFirst()
                .orElse("");
    }

    private static List<String> undone(JsonNode run, String node) {
        return StreamSupport.stream(run.get("steps").spliterator(), false)
                .filter(step -> step.get("node").asText().equals(node))
                .filter(step -> step.get("state").asText().equals("UNDONE"))
                .map(step -> step.get("id").asText())
                .toList();
    }
}
