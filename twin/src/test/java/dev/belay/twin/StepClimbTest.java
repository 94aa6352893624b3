package dev.belay.twin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.ClusterInspection;
import dev.belay.activities.Done;
import dev.belay.activities.Ports;
import dev.belay.activities.RepositoryInspection;
import dev.belay.activities.StepBinding;
import dev.belay.activities.StepCatalogue;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepType;
import dev.belay.activities.Undoable;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.Workload;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.HopFacts;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Expansion;
import dev.belay.model.plan.Offers;
import dev.belay.model.plan.Plan;
import dev.belay.model.plan.PlanRequest;
import dev.belay.model.plan.Planner;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepCall.NodeCall;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.RunbookReader;
import dev.belay.model.runbook.StepSignature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every shipped step type on the twin, in the order of the shipped runbook, without an engine. */
class StepClimbTest {

    private static final KubernetesVersion V32 = KubernetesVersion.parse("v1.32.13");
    private static final KubernetesVersion V33 = KubernetesVersion.parse("v1.33.13");
    private static final KubernetesVersion V34 = KubernetesVersion.parse("v1.34.4");

    /** One hop by steps alone. */
    private static final class Climb {

        private final SimulatedCluster cluster;
        private final Ports ports;
        private final Hop hop;
        private final List<String> repeated = new ArrayList<>();
        private boolean twice;

        Climb(KubernetesVersion from, KubernetesVersion to) {
            this(
                    SimulatedCluster.of(ClusterShape.standard(from)),
                    new Hop(0, from, to, true, true, HopFacts.raisesEtcdMinor(from, to)));
        }

        Climb(SimulatedCluster cluster, Hop hop) {
            this.cluster = cluster;
            this.ports = cluster.connect().ports();
            this.hop = hop;
        }

        void all() {
            prep();
            controlPlane(3);
            workers();
        }

        /** The static pods of so many control planes; when these are all, their kubelets too. */
        void controlPlane(int count) {
            List<HostEntry> controlPlanes = ports.inventory().hosts(NodeRole.CONTROL_PLANE);
            for (HostEntry node : controlPlanes.subList(0, count)) {
                boolean first = node.equals(controlPlanes.get(0));
                step("packages.install", node, Map.of("packages", List.of("kubeadm")));
                step(first ? "kubeadm.apply" : "kubeadm.node", node, Map.of());
                step("controlPlane.awaitHealthy", node, Map.of());
            }
            if (count == controlPlanes.size()) {
                controlPlanes.forEach(node -> {
                    kubelet(node);
                    step("controlPlane.awaitHealthy", node, Map.of());
                });
            }
        }

        void workers() {
            for (HostEntry node : ports.inventory().hosts(NodeRole.WORKER)) {
                step("packages.install", node, Map.of("packages", List.of("kubeadm")));
                step("kubeadm.node", node, Map.of());
                kubelet(node);
                step("workloads.awaitAvailable", node, Map.of());
            }
            List.of("versions", "nodes", "workload", "dns", "storage")
                    .forEach(what -> step("verify." + what, null, Map.of()));
            step("cluster.unlock", null, Map.of());
        }

        void prep() {
            for (String uses : List.of(
                    "check.access",
                    "cluster.lock",
                    "check.versions",
                    "check.nodes",
                    "check.etcd",
                    "check.certificates",
                    "check.disk",
                    "backup.etcd",
                    "backup.drill",
                    "backup.files")) {
                step(uses, null, Map.of());
            }
        }

        void kubelet(HostEntry node) {
            for (String uses :
                    List.of("node.cordon", "node.drain", "node.upgradeKubelet", "node.awaitReady", "node.uncordon")) {
                step(uses, node, Map.of());
            }
        }

        void step(String uses, HostEntry node, Map<String, Object> with) {
            Done<?> done = run(uses, node, with);
            assertThat(done.state())
                    .as(uses + ": " + done.why())
                    .isIn(StepState.DONE, StepState.ALREADY_DONE, StepState.SKIPPED);
            if (twice) {
                int before = cluster.effects().list().size();
                run(uses, node, with);
                List<?> effects = cluster.effects().list();
                effects.subList(before, effects.size()).forEach(effect -> repeated.add(uses + ": " + effect));
            }
        }

        <I extends Record, O extends Record> Done<O> run(String uses, HostEntry node, Map<String, Object> with) {
            StepType<I, O> type = type(uses);
            return type.run(StepBinding.input(type.input(), with), context(uses, node, with));
        }

        <I extends Record, O extends Record> String undo(String uses, HostEntry node, Map<String, Object> with) {
            StepType<I, O> type = type(uses);
            @SuppressWarnings("unchecked")
            Undoable<I, O> undoable = (Undoable<I, O>) type;
            return undoable.undo(StepBinding.input(type.input(), with), null, context(uses, node, with));
        }

        @SuppressWarnings("unchecked")
        private static <I extends Record, O extends Record> StepType<I, O> type(String uses) {
            return (StepType<I, O>) StepCatalogue.shipped().find(uses).orElseThrow();
        }

        private StepContext context(String uses, HostEntry node, Map<String, Object> with) {
            NodeCall call = node == null
                    ? null
                    : new NodeCall(node.node(), node.role().text(), hop.from(), node.zone(), 0, false, false);
            StepCall step = new StepCall(
                    "0123abcd",
                    "twin",
                    "p",
                    "i",
                    hop,
                    Phase.PREP,
                    call,
                    uses.replace('.', '-'),
                    uses,
                    0,
                    with,
                    null,
                    Map.of(),
                    Map.of(),
                    Duration.ofMinutes(40),
                    3,
                    null);
            return Steps.context(ports, step);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {25, 26, 27, 28, 29, 30, 31, 32, 33, 35, 36, 37})
    void everyMinorIsReachedByStepsAlone(int minor) {
        KubernetesVersion to = newest(minor);
        Climb climb = new Climb(newest(minor - 1), to);

        climb.all();

        arrived(climb, to);
    }

    @Test
    void repeatingEveryStepChangesNothingMore() {
        Climb climb = new Climb(V33, V34);
        climb.twice = true;

        climb.all();

        arrived(climb, V34);
        assertThat(climb.repeated)
                .as(
                        "only what leaves no mark of its own is done again; a kubelet is restarted until its node reports it")
                .filteredOn(effect -> !effect.endsWith("(no change)"))
                .allMatch(effect -> effect.startsWith("verify.")
                        || effect.startsWith("cluster.lock")
                        || (effect.startsWith("node.upgradeKubelet: ") && effect.contains(": systemctl ")));
    }

    @Test
    void aClimbThatEndedBeforeTheWorkersOfTwoHopsIsPlannedAgainAndArrives() throws IOException {
        SimulatedCluster cluster = SimulatedCluster.of(ClusterShape.standard(V32));
        Climb first = new Climb(cluster, new Hop(0, V32, V33, true, false, false));
        first.prep();
        first.controlPlane(3);
        new Climb(cluster, new Hop(1, V33, V34, false, true, true)).controlPlane(3);

        Plan rest = planned(first.ports, V34);

        assertThat(rest.hops()).containsExactly(new Hop(0, V32, V34, true, true, false));
        assertThat(Expansion.steps(rest))
                .filteredOn(step -> step.uses().equals("node.drain") && !step.skipped())
                .extracting(step -> String.valueOf(step.node()))
                .containsExactly("w1", "w2", "w3", "w4");
        Climb again = new Climb(cluster, rest.hops().get(0));
        again.all();
        arrived(again, V34);
    }

    @Test
    void aControlPlaneBetweenTwoMinorsIsPlannedAgainAndArrives() throws IOException {
        SimulatedCluster cluster = SimulatedCluster.of(ClusterShape.standard(V33));
        Climb first = new Climb(cluster, new Hop(0, V33, V34, true, true, true));
        first.prep();
        first.controlPlane(1);

        Plan rest = planned(first.ports, V34);

        assertThat(rest.cluster().ahead()).isEqualTo(V34);
        assertThat(rest.hops()).containsExactly(new Hop(0, V33, V34, true, true, true));
        Climb again = new Climb(cluster, rest.hops().get(0));
        again.all();
        arrived(again, V34);
    }

    @Test
    void whatThePackageRepositoriesHaveIsWhatAptInstalls() {
        Climb climb = new Climb(V33, V34);

        Offers offers = RepositoryInspection.of(climb.ports, List.of("1.33", "1.34"));

        assertThat(offers.silent()).isEmpty();
        assertThat(offers.versions().get("1.33")).contains(V33).allMatch(V33::sameMinor);
        assertThat(offers.versions().get("1.34")).contains(V34).allMatch(V34::sameMinor);
        assertThat(climb.cluster.effects().list()).isEmpty();
    }

    private static Plan planned(Ports ports, KubernetesVersion to) throws IOException {
        Map<String, StepSignature> signatures = StepCatalogue.shipped().signatures();
        Path file = Path.of("..", "runbooks", "kubeadm-minor.yaml");
        return Planner.plan(PlanRequest.of(
                        RunbookReader.read(file.toString(), Files.readAllBytes(file), signatures),
                        ports.inventory(),
                        ClusterInspection.read(ports),
                        to.toString(),
                        signatures))
                .clear();
    }

    @Test
    void undoingBackwardsLeavesTheNodeAsItWasFoundButForVersions() {
        Climb climb = new Climb(V33, V34);
        climb.prep();
        HostEntry node = climb.ports.inventory().hosts(NodeRole.CONTROL_PLANE).get(0);
        Map<String, Object> kubeadm = Map.of("packages", List.of("kubeadm"));
        String source = source(climb, node);
        climb.step("node.cordon", node, Map.of());
        climb.step("packages.install", node, kubeadm);
        assertThat(source(climb, node)).isNotEqualTo(source);

        String said = climb.undo("packages.install", node, kubeadm);
        climb.undo("node.cordon", node, Map.of());
        climb.undo("cluster.lock", null, Map.of());

        assertThat(said).contains("put back").contains("never takes a package down");
        assertThat(source(climb, node)).isEqualTo(source);
        assertThat(climb.ports.kube().nodes()).allMatch(KubeNode::schedulable);
        assertThat(climb.ports.kube().acquireLease("somebody", "")).isEmpty();
    }

    private static String source(Climb climb, HostEntry node) {
        byte[] bytes = climb.ports
                .hosts()
                .on(node.node())
                .read(climb.ports.inventory().packages().sourceFile())
                .orElseThrow();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void arrived(Climb climb, KubernetesVersion to) {
        assertThat(climb.ports.kube().nodes())
                .allMatch(KubeNode::ready)
                .allMatch(KubeNode::schedulable)
                .allMatch(node -> node.kubelet().equals(to));
        assertThat(climb.ports.kube().workloads()).allMatch(Workload::available);
        assertThat(climb.ports.kube().acquireLease("somebody", ""))
                .as("the lock was given back")
                .isEmpty();
    }

    private static KubernetesVersion newest(int minor) {
        return HopFacts.load("1." + minor).newest().version();
    }
}
