package dev.belay.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.belay.activities.ClusterInspection;
import dev.belay.activities.Ports;
import dev.belay.activities.StepCatalogue;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.ClusterReader;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Plan;
import dev.belay.model.plan.PlanRequest;
import dev.belay.model.plan.Planner;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView;
import dev.belay.model.run.Rung;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.RunbookReader;
import dev.belay.twin.Fault;
import dev.belay.worker.Rehearsal.Settings;
import dev.belay.worker.RoundTrip.Difference;
import dev.belay.workflows.Belay;
import dev.belay.workflows.RunState;
import dev.belay.workflows.client.RunClient;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Climbs of the twin that stand, and go back through the engine to the world as it was. */
class RoundTripTest {

    private static final KubernetesVersion V33 = KubernetesVersion.parse("v1.33.13");
    private static final String DRAIN = "drain=drain-blocked@w2";
    private static final List<NodeName> CONTROL_PLANES =
            List.of(new NodeName("cp1"), new NodeName("cp2"), new NodeName("cp3"));

    @TempDir
    Path folder;

    @Test
    void aRestoreTakesAClimbBackFromItsWorkers() {
        try (Rehearsal rehearsal = Rehearsal.start(settings(DRAIN), line -> {})) {
            Ports ports = rehearsal.ports();
            String cluster =
                    EtcdPicture.take(ports.etcd()).statuses().get("cp1").clusterId();
            ports.kube().apply(configMap("kept", "first") + "---\n" + configMap("doomed", "there"));
            RehearsedClimb climb = stands(rehearsal);
            ports.kube().apply(configMap("kept", "second") + "---\n" + configMap("late", "new"));

            RoundTrip trip = climb.back(Rung.RESTORE);

            cameBack(trip);
            assertThat(trip.may())
                    .extracting(Difference::field)
                    .contains("clock", "etcd/clusterId", "etcd/revision", "etcd/member/cp2/id")
                    .anyMatch(field -> field.startsWith("node/cp1/file/var/lib/etcd.before-belay-"));
            assertThat(ports.kube().configMap("default", "kept")).contains(Map.of("value", "first"));
            assertThat(ports.kube().configMap("default", "doomed")).isPresent();
            assertThat(ports.kube().configMap("default", "late")).isEmpty();
            wholeAndOld(ports, cluster);
        }
    }

    @Test
    void aRestoreTakesAnExternalEtcdBackAndNothingElseStaysNew() throws IOException {
        Path file = Path.of("../clusters/lab-external-etcd.yaml");
        Cluster inventory = ClusterReader.read(file.toString(), Files.readAllBytes(file));
        Settings settings = Settings.of(
                inventory, V33, 1, List.of("drain=drain-blocked@w1"), Map.of("XDG_STATE_HOME", folder.toString()));
        try (Rehearsal rehearsal = Rehearsal.start(settings, line -> {})) {
            Ports ports = rehearsal.ports();
            RehearsedClimb climb = RehearsedClimb.of(
                    rehearsal, plan(ports), Phase.WORKERS, Fault.parse("drain=drain-blocked@w1"), ways());
            ports.kube().apply(configMap("late", "new"));

            RoundTrip trip = climb.back(Rung.RESTORE);

            cameBack(trip);
            assertThat(trip.may())
                    .extracting(Difference::field)
                    .contains("etcd/clusterId", "etcd/member/etcd2/id")
                    .anyMatch(field -> field.startsWith("node/etcd3/file/var/lib/etcd/default.before-belay-"));
            assertThat(ports.kube().configMap("default", "late")).isEmpty();
            assertThat(EtcdPicture.take(ports.etcd()).problems(inventory.etcdMembers()))
                    .isEmpty();
        }
    }

    @Test
    void aNodeWithoutPowerParksTheRestoreAndItEndsTheSameAfterwards() {
        try (Rehearsal rehearsal = Rehearsal.start(settings(DRAIN, "etcd.restore=power-cut@cp2"), line -> {})) {
            Ports ports = rehearsal.ports();
            String cluster =
                    EtcdPicture.take(ports.etcd()).statuses().get("cp1").clusterId();
            RehearsedClimb climb = stands(rehearsal);

            RoundTrip stopped = climb.back(Rung.RESTORE);

            assertThat(stopped.ended()).isEqualTo(RunStatus.PARKED);
            assertThat(stopped.problem()).contains("restore", "cp2 cannot be reached by SSH");
            RunView view = view(rehearsal);
            assertThat(state(view, "restore", "cp1")).isEqualTo(StepState.DONE);
            assertThat(state(view, "restore", "cp2")).isEqualTo(StepState.PARKED);
            assertThat(state(view, "restore", "cp3")).isEqualTo(StepState.DONE);
            assertThat(CONTROL_PLANES).allMatch(node -> state(view, "startEtcd", node.value()) == StepState.PENDING);

            retry(rehearsal);

            assertThat(ended(rehearsal)).isEqualTo(RunStatus.ROLLED_BACK);
            wholeAndOld(ports, cluster);
        }
    }

    @Test
    void aClimbOfOneNodeGoesBackFromEveryPhaseByEveryRungThatIsOpen() {
        List<String> said = new ArrayList<>();
        Settings small = Settings.of(V33, true, 1, List.of(), Map.of("XDG_STATE_HOME", folder.toString()));

        List<RoundTrip> trips = new RehearsedRoundTrips(small, RoundTripTest::plan, ways(), said::add).all();

        assertThat(trips).allSatisfy(trip -> {
            assertThat(trip.mustNot()).as(trip.toString()).isEmpty();
            assertThat(trip.problem()).as(trip.toString()).isNull();
        });
        assertThat(trips).extracting(RoundTrip::phase).contains(Phase.values());
        assertThat(trips)
                .filteredOn(trip -> trip.phase() == Phase.WORKERS)
                .extracting(RoundTrip::rung)
                .contains(Rung.HOLD, Rung.ETCD_DOWNGRADE, Rung.RESTORE);
        assertThat(trips)
                .filteredOn(trip -> trip.refused() != null)
                .as("one control plane is the last one: etcd is raised before its API server fails")
                .extracting(RoundTrip::phase, RoundTrip::rung)
                .contains(tuple(Phase.CONTROL_PLANE, Rung.NODE));
        assertThat(said).hasSameSizeAs(trips);
    }

    private static void cameBack(RoundTrip trip) {
        assertThat(trip.problem()).isNull();
        assertThat(trip.mustNot()).isEmpty();
        assertThat(trip.ended()).isEqualTo(RunStatus.ROLLED_BACK);
    }

    private static void wholeAndOld(Ports ports, String cluster) {
        EtcdPicture picture = EtcdPicture.take(ports.etcd());
        assertThat(picture.problems(CONTROL_PLANES)).isEmpty();
        assertThat(picture.hashes()).hasSize(3);
        assertThat(picture.revision()).isGreaterThan(1_000_000_000L);
        assertThat(picture.statuses().values())
                .allMatch(status -> status.version().equals("3.5.35"))
                .noneMatch(status -> status.clusterId().equals(cluster));
        assertThat(ports.kube().nodes())
                .allMatch(KubeNode::ready)
                .allMatch(KubeNode::schedulable)
                .allMatch(node -> node.kubelet().equals(V33));
        assertThat(CONTROL_PLANES)
                .allSatisfy(node -> assertThat(ports.hosts().on(node).list(List.of("/var/lib")))
                        .extracting(FileEntry::path)
                        .anyMatch(path -> path.startsWith("/var/lib/etcd.before-belay-")));
    }

    private static RehearsedClimb stands(Rehearsal rehearsal) {
        return RehearsedClimb.of(rehearsal, plan(rehearsal.ports()), Phase.WORKERS, Fault.parse(DRAIN), ways());
    }

    private static RunView view(Rehearsal rehearsal) {
        return RunClient.view(rehearsal.connection().client(), Belay.workflowId("twin"), null);
    }

    private static StepState state(RunView view, String step, String node) {
        return view.steps().stream()
                .filter(each ->
                        each.id().equals(step) && String.valueOf(each.node()).equals(node))
                .map(each -> each.state())
                .findFirst()
                .orElseThrow();
    }

    private static void retry(Rehearsal rehearsal) {
        WorkflowClient client = rehearsal.connection().client();
        Command retry = new Command(
                UUID.randomUUID().toString(),
                CommandKind.RETRY,
                "ada@rehearsal",
                "it has power again",
                null,
                "restore",
                new NodeName("cp2"),
                null);
        assertThat(RunClient.command(client, Belay.workflowId("twin"), null, retry)
                        .accepted())
                .isTrue();
    }

    private static RunStatus ended(Rehearsal rehearsal) {
        return rehearsal
                .connection()
                .client()
                .newUntypedWorkflowStub(Belay.workflowId("twin"))
                .getResult(RunState.class)
                .status();
    }

    private static String configMap(String name, String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: default}\ndata: {value: %s}\n"
                .formatted(name, value);
    }

    private Settings settings(String... faults) {
        return Settings.of(V33, false, 1, List.of(faults), Map.of("XDG_STATE_HOME", folder.toString()));
    }

    private static Plan plan(Ports ports) {
        StepCatalogue catalogue = StepCatalogue.shipped();
        return Planner.plan(PlanRequest.of(
                        runbook("kubeadm-minor.yaml"),
                        ports.inventory(),
                        ClusterInspection.read(ports),
                        "v1.34.4",
                        catalogue.signatures()))
                .clear();
    }

    private static WaysBack ways() {
        return new WaysBack(runbook("etcd-restore.yaml"), runbook("etcd-downgrade.yaml"));
    }

    private static Runbook runbook(String name) {
        try {
            byte[] text = Files.readAllBytes(Path.of("../runbooks", name));
            return RunbookReader.read(name, text, StepCatalogue.shipped().signatures());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
