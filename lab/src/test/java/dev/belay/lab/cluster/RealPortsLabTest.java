package dev.belay.lab.cluster;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.ClusterInspection;
import dev.belay.activities.RealPorts;
import dev.belay.activities.Secrets;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberHash;
import dev.belay.activities.etcd.SnapshotReceipt;
import dev.belay.activities.evidence.DirectoryEvidence;
import dev.belay.activities.evidence.Evidence.Artifact;
import dev.belay.activities.fake.TestAuthority;
import dev.belay.lab.LabCluster;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Reference;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.ClusterFacts;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** A whole real cluster by its inventory: its API, its hosts, and its etcd through SSH with the nodes' own certificates. Reads only. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfEnvironmentVariable(named = LabCluster.VARIABLE, matches = ".+", disabledReason = LabCluster.WHEN_MISSING)
class RealPortsLabTest {

    private final Cluster inventory = LabCluster.inventory();
    private final RealPorts ports = new RealPorts(inventory, Secrets.ofProcess());

    @AfterAll
    void close() {
        ports.close();
    }

    @Test
    void anInspectionSeesTheWholeClusterAndNothingInTheWay() {
        ClusterInspection seen = ClusterInspection.of(ports);

        ClusterFacts facts = seen.facts();
        assertThat(seen.blockers()).isEmpty();
        assertThat(facts.uid()).isNotBlank();
        assertThat(facts.nodes())
                .extracting(node -> node.name())
                .containsExactlyElementsOf(
                        inventory.nodes().stream().map(host -> host.node()).toList());
        assertThat(facts.nodes(NodeRole.CONTROL_PLANE)).hasSameSizeAs(inventory.hosts(NodeRole.CONTROL_PLANE));
        assertThat(facts.etcd()).hasSameSizeAs(inventory.etcdHosts()).allSatisfy(member -> assertThat(member.version())
                .matches("3\\.\\d+\\.\\d+"));
        assertThat(ClusterInspection.read(ports)).isEqualTo(facts);
    }

    @Test
    void membersAnswerThroughTheirNodesAndAgree() {
        List<EtcdMember> members = ports.etcd().members();
        long revision = ports.etcd().status(members.get(0)).revision();

        List<MemberHash> hashes = members.stream()
                .map(member -> ports.etcd().hash(member, revision))
                .toList();

        assertThat(members).extracting(EtcdMember::name).doesNotContain("");
        assertThat(hashes).containsOnly(hashes.get(0));
        assertThat(ports.etcd().alarms()).isEmpty();
    }

    @Test
    void aSnapshotIsKeptWithTheHashItsReceiptTells(@TempDir Path folder) {
        EtcdMember member = ports.etcd().members().get(0);
        AtomicReference<SnapshotReceipt> receipt = new AtomicReference<>();

        Artifact kept = new DirectoryEvidence(folder)
                .store("run/etcd.db", sink -> receipt.set(ports.etcd().snapshot(member, sink)));

        assertThat(kept.sha256()).isEqualTo(receipt.get().sha256());
        assertThat(kept.bytes()).isEqualTo(receipt.get().bytes());
    }

    @Test
    void aKubeconfigThatTrustsAnotherClusterIsSaidTo(@TempDir Path folder) throws IOException {
        String own = new String(Secrets.ofProcess().bytes(inventory.kubeconfig()), StandardCharsets.UTF_8);
        String foreign = Base64.getEncoder()
                .encodeToString(new TestAuthority().authority().getBytes(StandardCharsets.US_ASCII));
        Path file = Files.writeString(
                folder.resolve("other.conf"),
                own.replaceAll("certificate-authority-data: .*", "certificate-authority-data: " + foreign));
        Cluster crossed = withKubeconfig(new Reference("file:" + file));

        try (RealPorts other = new RealPorts(crossed, Secrets.ofProcess())) {
            assertThat(failsWith(FailureKind.PERMANENT, "API_UNTRUSTED", () -> ClusterInspection.of(other))
                            .why())
                    .contains("is not the one this kubeconfig trusts");
        }
    }

    private Cluster withKubeconfig(Reference kubeconfig) {
        return new Cluster(
                inventory.name(),
                inventory.site(),
                kubeconfig,
                inventory.ssh(),
                inventory.hosts(),
                inventory.packages(),
                inventory.backups(),
                inventory.ignorePreflightErrors(),
                inventory.accept());
    }
}
