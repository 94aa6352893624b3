package dev.belay.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.RealPorts;
import dev.belay.activities.Secrets;
import dev.belay.activities.StepBinding;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepType;
import dev.belay.activities.evidence.DirectoryEvidence;
import dev.belay.activities.steps.StaticPodProcesses;
import dev.belay.activities.steps.StaticPodRestart;
import dev.belay.activities.steps.certs.InspectCertificates;
import dev.belay.activities.steps.certs.SyncCertificates;
import dev.belay.activities.steps.certs.VerifyCertificates;
import dev.belay.lab.LabCluster;
import dev.belay.lab.LoneStep;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.StepCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** What kubeadm made on a real cluster, as the certificate steps see it. Reads only. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfEnvironmentVariable(named = LabCluster.VARIABLE, matches = ".+", disabledReason = LabCluster.WHEN_MISSING)
class CertificatesLabTest {

    private final Cluster inventory = LabCluster.inventory();
    private final RealPorts ports = new RealPorts(inventory, Secrets.ofProcess());
    private final List<NodeName> controlPlanes = inventory.hosts(NodeRole.CONTROL_PLANE).stream()
            .map(Cluster.HostEntry::node)
            .toList();

    @TempDir
    private Path folder;

    @AfterAll
    void close() {
        ports.close();
    }

    @Test
    void whatKubeadmMadeIsReadWholeAndNothingIsToBePutRight() throws IOException {
        InspectCertificates.Output output = run(new InspectCertificates(), Map.of());

        assertThat(output.findings())
                .filteredOn(found -> found.startsWith("STOP"))
                .isEmpty();
        assertThat(output.certificates()).isGreaterThanOrEqualTo(controlPlanes.size() * 14);
        assertThat(Instant.parse(output.firstEnd())).isAfter(Instant.now());
        assertThat(Files.readString(folder.resolve(output.report())))
                .contains("apiserver.crt")
                .doesNotContain("PRIVATE KEY");
    }

    @Test
    void everyServerPresentsTheCertificateOfItsFile() {
        VerifyCertificates.Output output = run(new VerifyCertificates(), Map.of());

        assertThat(output.handshakes())
                .isEqualTo(controlPlanes.size() * 3 + inventory.hosts().size());
    }

    @Test
    void controlPlanesShareWhatKubeadmCopied() {
        SyncCertificates.Output output =
                run(new SyncCertificates(), Map.of("from", controlPlanes.get(0).value(), "dryRun", true));

        assertThat(output.changes()).isEmpty();
        assertThat(output.files()).isEqualTo(8);
    }

    @Test
    void theContainersOfStaticPodsAreFoundByTheirProcesses() {
        for (NodeName node : controlPlanes) {
            StaticPodProcesses processes = StaticPodProcesses.of(ports.hosts().on(node));

            assertThat(StaticPodRestart.ORDER).allSatisfy(component -> assertThat(processes.running(component))
                    .as(component + " of " + node)
                    .isPresent());
            assertThat(StaticPodRestart.stale(ports.hosts().on(node))).isEmpty();
        }
    }

    private <I extends Record, O extends Record> O run(StepType<I, O> type, Map<String, Object> with) {
        return type.run(StepBinding.input(type.input(), with), context(type.name()))
                .output();
    }

    private StepContext context(String uses) {
        StepCall step = LoneStep.call(inventory.name(), null, uses);
        return new StepContext(
                step,
                inventory,
                ports.hosts(),
                ports.etcd(),
                ports.kube(),
                new DirectoryEvidence(folder),
                ports.clock(),
                () -> {});
    }
}
