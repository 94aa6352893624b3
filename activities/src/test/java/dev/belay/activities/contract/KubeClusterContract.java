package dev.belay.activities.contract;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.belay.activities.kube.ApiServerHealth;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.activities.kube.KubeNode;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What every {@link KubeCluster} does, the twin's and the real one. The cluster has at least one control plane and one worker, both ready and
 * schedulable, and nobody else works on it. The suite makes everything in one namespace of its own and takes it away.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class KubeClusterContract extends KubeWorkloadContract {

    @Test
    void theClusterHasOneLastingUid() {
        String uid = kube().uid();

        assertThat(uid).isNotBlank();
        assertThat(kube().uid()).isEqualTo(uid);
    }

    @Test
    void nodesComeSortedWithRoleVersionAndState() {
        List<KubeNode> nodes = kube().nodes();

        assertThat(nodes).isSortedAccordingTo(Comparator.comparing(KubeNode::name));
        assertThat(nodes).extracting(KubeNode::name).contains(controlPlane(), worker());
        assertThat(nodeNow(controlPlane()).controlPlane()).isTrue();
        assertThat(nodeNow(worker()).controlPlane()).isFalse();
        assertThat(nodeNow(worker())).satisfies(node -> {
            assertThat(node.ready()).isTrue();
            assertThat(node.schedulable()).isTrue();
            assertThat(node.pressures()).isEmpty();
            assertThat(node.internalIp()).isNotBlank();
            assertThat(node.runtime()).contains("://");
            assertThat(node.labels()).containsEntry("kubernetes.io/hostname", worker().value());
            assertThat(node.annotations()).doesNotContainKey(ANNOTATION);
        });
    }

    @Test
    void oneNodeIsAsInTheListAndAStrangerIsAbsent() {
        KubeNode listed = kube().nodes().stream()
                .filter(node -> node.name().equals(worker()))
                .findFirst()
                .orElseThrow();

        assertThat(nodeNow(worker()).kubelet()).isEqualTo(listed.kubelet());
        assertThat(kube().node(new NodeName("no-such-node"))).isEmpty();
    }

    @Test
    void requestsThatWereApprovedDoNotWait() {
        assertThat(kube().pendingSigningRequests()).isEmpty();
    }

    @Test
    void anApiServerIsAskedByItsOwnAddress() {
        ApiServerHealth health = kube().apiServer(controlPlane());

        assertThat(health.ready()).isTrue();
        assertThat(health.detail()).isEmpty();
        assertThat(health.version()).isPresent();
        assertThat(kube().lowestApiServer(List.of(controlPlane())))
                .isEqualTo(health.version().orElseThrow());
    }

    @Test
    void anApiServerThatIsNotThereIsAnAnswer() {
        ApiServerHealth health = kube().apiServer(worker());

        assertThat(health.version()).isEmpty();
        assertThat(health.ready()).isFalse();
        assertThat(health.detail()).isNotBlank();
    }

    @Test
    void theLowestApiServerLooksPastThoseThatGiveNoAnswer() {
        assertThat(kube().lowestApiServer(List.of(worker(), controlPlane())))
                .isEqualTo(kube().apiServer(controlPlane()).version().orElseThrow());
        failsWith(FailureKind.TRANSIENT, "API_UNAVAILABLE", () -> kube().lowestApiServer(List.of(worker())));
    }

    @Test
    void cordonMarksTheNodeOnceAndKeepsTheFirstMark() {
        assertThat(kube().cordon(worker(), MARK)).isTrue();
        assertThat(nodeNow(worker()).schedulable()).isFalse();
        assertThat(nodeNow(worker()).annotations()).containsEntry(ANNOTATION, MARK);

        assertThat(kube().cordon(worker(), MARK)).isFalse();
        assertThat(kube().cordon(worker(), OTHER)).isFalse();

        assertThat(nodeNow(worker()).annotations()).containsEntry(ANNOTATION, MARK);
    }

    @Test
    void uncordonTakesBackOnlyItsOwnCordon() {
        kube().cordon(worker(), MARK);

        assertThat(kube().uncordon(worker(), OTHER)).isFalse();
        assertThat(nodeNow(worker()).schedulable()).isFalse();

        assertThat(kube().uncordon(worker(), MARK)).isTrue();
        assertThat(nodeNow(worker()).schedulable()).isTrue();
        assertThat(nodeNow(worker()).annotations()).doesNotContainKey(ANNOTATION);

        assertThat(kube().uncordon(worker(), MARK)).isFalse();
    }

    @Test
    void cordonOfAStrangerIsRefusedByName() {
        Failure failure = failsWith(
                FailureKind.PERMANENT, "API_REFUSED", () -> kube().cordon(new NodeName("no-such-node"), MARK));

        assertThat(failure.why()).contains("no-such-node");
    }

    @Test
    void configMapsAreReadAndAbsentOnesAreEmpty() {
        assertThat(kube().configMap("kube-system", "kubeadm-config"))
                .hasValueSatisfying(data -> assertThat(data).containsKey("ClusterConfiguration"));
        assertThat(kube().configMap("kube-system", "kube-root-ca.crt"))
                .hasValueSatisfying(data -> assertThat(data.get("ca.crt")).contains("BEGIN CERTIFICATE"));
        assertThat(kube().configMap(NAMESPACE, "no-such-map")).isEmpty();
    }

    @Test
    void applyReplacesAndDeleteMayBeRepeated() {
        kube().apply(configMap("kept", "first"));
        kube().apply(configMap("kept", "second"));
        assertThat(kube().configMap(NAMESPACE, "kept")).contains(Map.of("value", "second"));

        kube().delete(configMap("kept", "second"), Duration.ofSeconds(30));
        assertThat(kube().configMap(NAMESPACE, "kept")).isEmpty();

        kube().delete(configMap("kept", "second"), Duration.ofSeconds(30));
    }

    @Test
    void manifestsThatAreNoneAreRefused() {
        failsWith(FailureKind.PERMANENT, "MANIFEST_UNREADABLE", () -> kube().apply("kind: [not, an, object"));
    }

    @Test
    void theLockHasOneHolderUntilItIsGivenBack() {
        assumeThat(kube().acquireLease(MARK, "contract suite"))
                .as("nobody else holds the cluster's lock")
                .isEmpty();

        assertThat(kube().acquireLease(MARK, "the same again")).isEmpty();
        assertThat(kube().acquireLease(OTHER, "second")).contains(MARK);

        kube().releaseLease(OTHER);
        assertThat(kube().acquireLease(OTHER, "second")).contains(MARK);

        kube().releaseLease(MARK);
        assertThat(kube().acquireLease(OTHER, "second")).isEmpty();
        assertThat(kube().acquireLease(MARK, "late")).contains(OTHER);
    }

    private KubeNode nodeNow(NodeName name) {
        return kube().node(name).orElseThrow();
    }

    private static String configMap(String name, String value) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %s, namespace: %s}
                data: {value: %s}
                """.formatted(name, NAMESPACE, value);
    }
}
