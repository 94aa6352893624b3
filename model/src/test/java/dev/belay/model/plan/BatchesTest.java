package dev.belay.model.plan;

import static dev.belay.model.plan.Fixtures.names;
import static dev.belay.model.plan.Fixtures.nodes;
import static dev.belay.model.plan.Fixtures.workers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.runbook.Batch;
import dev.belay.model.runbook.ForEach;
import dev.belay.model.runbook.NodeSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchesTest {
    private static final List<NodeFacts> CLUSTER = nodes("cp1", "cp2", "cp3", "w1", "w2");

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "CONTROL_PLANE, 0, 0, -, -, cp1 cp2 cp3",
                "CONTROL_PLANE, 0, 1, -, -, cp1 cp2",
                "CONTROL_PLANE, 1, 0, -, -, cp2 cp3",
                "CONTROL_PLANE, 1, 1, -, -, cp2",
                "CONTROL_PLANE, 2, 2, -, -, ''",
                "CONTROL_PLANE, 9, 0, -, -, ''",
                "CONTROL_PLANE, 0, 9, -, -, ''",
                "CONTROL_PLANE, 0, 0, 1, -, cp1",
                "CONTROL_PLANE, 1, 0, 1, -, cp2",
                "CONTROL_PLANE, 0, 1, 9, -, cp1 cp2",
                "CONTROL_PLANE, 0, 0, 0, -, ''",
                "CONTROL_PLANE, 0, 0, -, 1, cp3",
                "CONTROL_PLANE, 0, 0, -, 9, cp1 cp2 cp3",
                "WORKERS, 0, 0, -, -, w1 w2",
                "ETCD, 0, 0, -, -, cp1 cp2 cp3",
                "ALL, 0, 0, -, -, cp1 cp2 cp3 w1 w2"
            })
    void selectsInTheOrderOfTheCluster(
            NodeSet set, int skip, int skipLast, Integer take, Integer last, String expected) {
        ForEach forEach = new ForEach(set, skip, skipLast, take, last, Batch.ONE);

        List<List<NodeFacts>> batches = Batches.of(forEach, CLUSTER);

        assertThat(batches).allSatisfy(batch -> assertThat(batch).hasSize(1));
        assertThat(names(batches).stream().flatMap(List::stream).toList())
                .isEqualTo(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
    }

    @ParameterizedTest
    @CsvSource({"ETCD, etcd1 etcd2", "CONTROL_PLANE, cp1", "WORKERS, w1", "ALL, cp1 w1"})
    void hostsOfAnExternalEtcdAreInTheirOwnSetAlone(NodeSet set, String expected) {
        ClusterFacts cluster = new ClusterFacts(
                "lab",
                "uid-1",
                KubernetesVersion.parse("v1.33.13"),
                null,
                List.of(),
                CLUSTER.stream()
                        .filter(node ->
                                List.of("cp1", "w1").contains(node.name().value()))
                        .toList(),
                List.of(new NodeName("etcd1"), new NodeName("etcd2")));

        List<NodeFacts> selected = Batches.select(new ForEach(set, 0, 0, null, null, Batch.ONE), cluster.hosts());

        assertThat(selected).extracting(node -> node.name().value()).containsExactly(expected.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "4, 1, 10%, 20, 1 1 1 1",
        "40, 1, 10%, 20, 1 4 4 4 4 4 4 4 4 4 3",
        "39, 0, 10%, 20, 3 3 3 3 3 3 3 3 3 3 3 3 3",
        "10, 0, 50%, 20, 5 5",
        "10, 0, 100%, 20, 10",
        "30, 0, 100%, 20, 20 10",
        "60, 0, 100%, 25, 25 25 10",
        "60, 0, 100%, 500, 25 25 10",
        "60, 0, 999, 500, 25 25 10",
        "7, 3, 2, 20, 3 2 2",
        "2, 3, 2, 20, 2",
        "60, 40, 30, 50, 25 25 10",
        "3, 0, 3, 1, 1 1 1",
        "0, 1, 10%, 20, ''"
    })
    void cutsCanariesFirstAndThenByNumberOrShare(int nodes, int canary, String size, int max, String sizes) {
        List<List<NodeFacts>> batches = Batches.of(workersBy(new Batch(canary, size, max, false)), workers(nodes));

        assertThat(String.join(
                        " ", batches.stream().map(batch -> "" + batch.size()).toList()))
                .isEqualTo(sizes);
        assertThat(batches.stream().flatMap(List::stream)).containsExactlyElementsOf(workers(nodes));
    }

    @Test
    void neverMixesZonesInABatch() {
        List<NodeFacts> nodes = nodes("w1@a", "w2@b", "w3@a", "w4@b", "w5@a");

        List<List<NodeFacts>> batches = Batches.of(workersBy(new Batch(0, "2", 20, true)), nodes);

        assertThat(names(batches)).containsExactly(List.of("w1", "w3"), List.of("w5"), List.of("w2", "w4"));
    }

    @Test
    void takesCanariesFromTheFirstZoneOnly() {
        List<NodeFacts> nodes = nodes("w1@a", "w2@b", "w3@b", "w4@b");

        List<List<NodeFacts>> batches = Batches.of(workersBy(new Batch(2, "3", 20, true)), nodes);

        assertThat(names(batches)).containsExactly(List.of("w1"), List.of("w2", "w3", "w4"));
    }

    @Test
    void mixesZonesWhenNotAskedToKeepThemApart() {
        List<List<NodeFacts>> batches =
                Batches.of(workersBy(new Batch(0, "2", 20, false)), nodes("w1@a", "w2@b", "w3@a"));

        assertThat(names(batches)).containsExactly(List.of("w1", "w2"), List.of("w3"));
    }

    @Test
    void cutsFiveThousandNodesIntoTwoHundredBatches() {
        List<List<NodeFacts>> batches = Batches.of(workersBy(new Batch(0, "10%", 25, false)), workers(5000));

        assertThat(batches).hasSize(200);
        assertThat(batches.stream().flatMap(List::stream)).containsExactlyElementsOf(workers(5000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "0", "0%", "-1", "-10%", "ten", "1.5", "10 %", "99999999999", "1; reboot"})
    void refusesASizeThatIsNeitherNumberNorShare(String size) {
        assertThatThrownBy(() -> Batches.of(workersBy(new Batch(0, size, 20, false)), workers(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + size + "\"")
                .hasMessageContaining("10%");
    }

    private static ForEach workersBy(Batch batch) {
        return new ForEach(NodeSet.WORKERS, 0, 0, null, null, batch);
    }
}
