package dev.belay.model.plan;

import static dev.belay.model.plan.Fixtures.v;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.ClusterReader;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.ClusterFacts.EtcdMemberFacts;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.RunbookReader;
import dev.belay.model.runbook.TestSignatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shipped runbook over the shipped inventories: what a person sees before a climb. */
class ShippedPlanTest {
    private Runbook runbook;

    @BeforeEach
    void readTheRunbook() throws IOException {
        byte[] content = Files.readAllBytes(Path.of("..", "runbooks", "kubeadm-minor.yaml"));
        runbook = RunbookReader.read("kubeadm-minor.yaml", content, TestSignatures.all());
    }

    @Test
    void raisesControlPlanesOneByOneThenTheirKubeletsThenTheWorkers() throws IOException {
        List<PlannedStep> steps = Expansion.steps(plan("lab.yaml", "v1.33.13", "v1.34.4"));

        assertThat(steps).filteredOn(PlannedStep::skipped).isNotEmpty();
        assertThat(kubeadm(steps))
                .containsExactly("apply cp1", "renew cp2", "lastRenew cp3", "workerConfig w1", "workerConfig w2");
        assertThat(uses(steps, "node.upgradeKubelet")).containsExactly("cp1", "cp2", "cp3", "w1", "w2");
        assertThat(steps)
                .filteredOn(step -> step.uses().equals("approval") && !step.skipped())
                .extracting(PlannedStep::id)
                .containsExactly("go", "pointOfNoReturn");
    }

    @Test
    void appliesOnTheOnlyControlPlaneOfASmallCluster() throws IOException {
        List<PlannedStep> steps = Expansion.steps(plan("lab-small.yaml", "v1.32.13", "v1.33.13"));

        assertThat(kubeadm(steps)).containsExactly("lastApply cp1", "workerConfig w1");
        assertThat(steps)
                .filteredOn(step -> step.uses().equals("approval") && !step.skipped())
                .extracting(PlannedStep::id)
                .containsExactly("go");
    }

    @Test
    void asksToBeginOnceAndUnlocksOnceOverThreeHops() throws IOException {
        List<PlannedStep> steps = Expansion.steps(plan("lab.yaml", "v1.31.14", "v1.34.4"));

        assertThat(steps)
                .filteredOn(step -> step.id().equals("go") && !step.skipped())
                .extracting(PlannedStep::hop)
                .containsExactly(v("v1.32.13"));
        assertThat(steps)
                .filteredOn(step -> step.id().equals("pointOfNoReturn") && !step.skipped())
                .extracting(PlannedStep::hop)
                .containsExactly(v("v1.34.4"));
        assertThat(steps)
                .filteredOn(step -> step.id().equals("unlock") && !step.skipped())
                .extracting(PlannedStep::hop)
                .containsExactly(v("v1.34.4"));
    }

    @Test
    void keepsThePhasesInOrderWithinEachHop() throws IOException {
        List<PlannedStep> steps = Expansion.steps(plan("lab.yaml", "v1.31.14", "v1.34.4"));

        Set<String> order = new LinkedHashSet<>();
        steps.forEach(step -> order.add(step.hop() + " " + step.phase().text()));

        assertThat(order).hasSize(12).first().isEqualTo("v1.32.13 " + Phase.PREP.text());
        assertThat(order).last().isEqualTo("v1.34.4 " + Phase.VERIFY.text());
    }

    private Plan plan(String inventory, String from, String to) throws IOException {
        Cluster cluster = ClusterReader.read(inventory, Files.readAllBytes(Path.of("..", "clusters", inventory)));
        List<NodeFacts> nodes = cluster.hosts().stream()
                .map(host -> new NodeFacts(host.node(), host.role(), v(from), host.zone(), true, true))
                .toList();
        List<EtcdMemberFacts> etcd = cluster.hosts(NodeRole.CONTROL_PLANE).stream()
                .map(host -> new EtcdMemberFacts(host.node().value(), "3.5.35"))
                .toList();
        ClusterFacts facts = new ClusterFacts(cluster.name(), "uid-1", v(from), null, etcd, nodes);
        return Planner.plan(new PlanRequest(
                        runbook, cluster, facts, to, List.of(), Offers.NONE, Map.of(), TestSignatures.all()))
                .clear();
    }

    private static List<String> kubeadm(List<PlannedStep> steps) {
        return steps.stream()
                .filter(step -> !step.skipped())
                .filter(step ->
                        step.uses().equals("kubeadm.apply") || step.uses().equals("kubeadm.node"))
                .map(step -> step.id() + " " + step.node())
                .toList();
    }

    private static List<String> uses(List<PlannedStep> steps, String uses) {
        return steps.stream()
                .filter(step -> step.uses().equals(uses))
                .map(step -> String.valueOf(step.node()))
                .toList();
    }
}
