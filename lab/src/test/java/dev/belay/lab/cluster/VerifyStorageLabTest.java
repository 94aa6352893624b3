package dev.belay.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.belay.activities.Done;
import dev.belay.activities.RealPorts;
import dev.belay.activities.Secrets;
import dev.belay.activities.StepContext;
import dev.belay.activities.host.Command;
import dev.belay.activities.steps.Nothing;
import dev.belay.activities.steps.verify.VerifyStorage;
import dev.belay.lab.LabCluster;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * verify.storage on a real kubelet: a class without a provisioner, marked as the default, and local volumes on a worker. Such a volume is
 * bound once in its life, so each attempt has one of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@EnabledIfEnvironmentVariable(named = LabCluster.VARIABLE, matches = ".+", disabledReason = LabCluster.WHEN_MISSING)
class VerifyStorageLabTest {

    private static final String CLASS = "belay-storage-test";
    private static final String FOLDER = "/var/lib/belay-storage-test";
    private static final String SPACE = "belay-57042a6e-storage";
    private static final int ATTEMPTS = 3;
    private static final Duration GONE = Duration.ofMinutes(2);

    private final Cluster inventory = LabCluster.inventory();
    private final RealPorts ports = new RealPorts(inventory, Secrets.ofProcess());
    private final VerifyStorage step = new VerifyStorage();
    private NodeName worker;
    private boolean made;

    @BeforeAll
    void nothingInTheWay() {
        worker = LabCluster.first(NodeRole.WORKER);
        assumeThat(ports.kube().defaultStorageClass())
                .as("the cluster has a default StorageClass of its own")
                .isIn(List.of(Optional.empty(), Optional.of(CLASS)));
        remove();
    }

    @AfterAll
    void clean() {
        try {
            remove();
        } finally {
            ports.close();
        }
    }

    private void remove() {
        step.undo(new Nothing(), null, context(() -> {}));
        ports.kube().delete(manifests(), GONE);
        must("rm", "-rf", FOLDER);
    }

    private void make() {
        if (!made) {
            made = true;
            IntStream.range(0, ATTEMPTS).forEach(each -> must("mkdir", "-p", FOLDER + "/" + each));
            ports.kube().apply(manifests());
        }
    }

    private void must(String... argv) {
        assertThat(ports.hosts().on(worker).run(Command.root(argv)).exit()).isZero();
    }

    @Test
    @Order(1)
    void withoutADefaultClassItIsSkippedWithTheReason() {
        Done<VerifyStorage.Output> done = run(() -> {});

        assertThat(done.state()).isEqualTo(StepState.SKIPPED);
        assertThat(done.why()).contains("no default StorageClass");
    }

    @Test
    @Order(2)
    void aClaimIsBoundWrittenAndReadAndNothingIsLeft() {
        make();

        Done<VerifyStorage.Output> done = run(() -> {});

        assertThat(done.state()).isEqualTo(StepState.DONE);
        assertThat(done.output().storageClass()).isEqualTo(CLASS);
        assertThat(writtenFiles()).isEqualTo(1);
        assertThat(ports.kube().pods(SPACE, Map.of())).isEmpty();
    }

    @Test
    @Order(3)
    void whatALostAttemptLeftIsTakenAwayByTheNext() {
        make();
        int before = writtenFiles();
        assertThatThrownBy(() -> run(() -> {
                    throw new Lost();
                }))
                .isInstanceOf(Lost.class);
        assertThat(ports.kube().pods(SPACE, Map.of())).hasSize(1);

        Done<VerifyStorage.Output> done = run(() -> {});

        assertThat(done.state()).isEqualTo(StepState.DONE);
        assertThat(writtenFiles()).isGreaterThan(before);
        assertThat(ports.kube().pods(SPACE, Map.of())).isEmpty();
    }

    private int writtenFiles() {
        String found = ports.hosts()
                .on(worker)
                .run(Command.root("find", FOLDER, "-name", "file", "-size", "+0"))
                .out();
        return (int) found.lines().count();
    }

    private Done<VerifyStorage.Output> run(Runnable heartbeat) {
        return step.run(new Nothing(), context(heartbeat));
    }

    private StepContext context(Runnable heartbeat) {
        KubernetesVersion version = ports.kube().nodes().get(0).kubelet();
        StepCall call = new StepCall(
                "57042a6e",
                inventory.name(),
                "sha256:p",
                "sha256:i",
                new Hop(0, version, version, true, true, false),
                Phase.VERIFY,
                null,
                "storage",
                step.name(),
                0,
                Map.of(),
                null,
                Map.of(),
                Map.of(),
                Duration.ofMinutes(7),
                3,
                null);
        return new StepContext(
                call, inventory, ports.hosts(), ports.etcd(), ports.kube(), ports.evidence(), ports.clock(), heartbeat);
    }

    private String manifests() {
        String volumes = IntStream.range(0, ATTEMPTS).mapToObj(this::volume).collect(Collectors.joining());
        return """
                apiVersion: storage.k8s.io/v1
                kind: StorageClass
                metadata:
                  name: %s
                  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
                provisioner: kubernetes.io/no-provisioner
                volumeBindingMode: WaitForFirstConsumer
                """.formatted(CLASS) + volumes;
    }

    private String volume(int each) {
        return """
                ---
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: %s-%d}
                spec:
                  capacity: {storage: 32Mi}
                  accessModes: [ReadWriteOnce]
                  persistentVolumeReclaimPolicy: Retain
                  storageClassName: %s
                  local: {path: %s/%d}
                  nodeAffinity:
                    required:
                      nodeSelectorTerms:
                        - matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [%s]}]
                """.formatted(CLASS, each, CLASS, FOLDER, each, worker);
    }

    /** A worker that is gone takes nothing back. */
    private static final class Lost extends Error {
        private static final long serialVersionUID = 1L;
    }
}
