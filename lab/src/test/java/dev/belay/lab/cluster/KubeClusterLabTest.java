package dev.belay.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.RealPorts;
import dev.belay.activities.Secrets;
import dev.belay.activities.StepClock;
import dev.belay.activities.contract.KubeClusterContract;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.lab.LabCluster;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The contract of the Kubernetes port on a real API server, kubelet and containerd. */
@EnabledIfEnvironmentVariable(named = LabCluster.VARIABLE, matches = ".+", disabledReason = LabCluster.WHEN_MISSING)
class KubeClusterLabTest extends KubeClusterContract {

    private final RealPorts ports = new RealPorts(LabCluster.inventory(), Secrets.ofProcess());

    @AfterAll
    void close() {
        ports.close();
    }

    @Override
    protected KubeCluster kube() {
        return ports.kube();
    }

    @Override
    protected NodeName controlPlane() {
        return LabCluster.first(NodeRole.CONTROL_PLANE);
    }

    @Override
    protected NodeName worker() {
        return LabCluster.first(NodeRole.WORKER);
    }

    @Override
    protected StepClock clock() {
        return ports.clock();
    }

    @Test
    void theLogOfAPodIsReadBack() {
        kube().apply(talker());

        await("the pod to end", () -> kube().pods(NAMESPACE, Map.of("app", "talker")).stream()
                .anyMatch(pod -> pod.phase().equals("Succeeded")));

        assertThat(kube().log(NAMESPACE, "talker")).isEqualTo("hello from inside\n");
        kube().delete(talker(), Duration.ofSeconds(60));
    }

    private static String talker() {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: talker, namespace: belay-contract, labels: {app: talker}}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  containers:
                    - {name: only, image: 'registry.k8s.io/e2e-test-images/busybox:1.36.1-1', command: [sh, -c, echo hello from inside]}
                """;
    }
}
