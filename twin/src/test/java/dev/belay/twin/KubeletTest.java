package dev.belay.twin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.KubePod;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a kubelet starts, when it does not, and what its node is then. */
class KubeletTest {

    private static final KubernetesVersion V30 = KubernetesVersion.parse("v1.30.14");
    private static final KubernetesVersion V31 = KubernetesVersion.parse("v1.31.14");
    private static final KubernetesVersion V33 = KubernetesVersion.parse("v1.33.13");
    private static final KubernetesVersion V34 = KubernetesVersion.parse("v1.34.4");
    private static final NodeName W1 = new NodeName("w1");

    @Test
    void aFlagThatTheNewVersionHasLostKeepsItFromStarting() {
        Commands commands = commands(ClusterShape.standard(V30)
                .with(Customs.PLAIN.withKubeletExtraArgs("--keep-terminated-pod-volumes=false")));
        commands.install("w1", V31, "kubelet");

        commands.run("w1", "systemctl restart kubelet");

        assertThat(commands.out("w1", "systemctl is-active kubelet")).isEqualTo("activating");
        assertThat(commands.run("w1", "systemctl is-active kubelet").exit()).isEqualTo(3);
        assertThat(node(commands, W1).ready()).isTrue();
        commands.ports().clock().sleep(Duration.ofMinutes(1));
        assertThat(node(commands, W1).ready()).isFalse();
        assertThat(node(commands, W1).kubelet()).isEqualTo(V30);
    }

    @Test
    void itStartsByItselfWhenTheFlagIsTakenOut() {
        Commands commands = commands(
                ClusterShape.standard(V33).with(Customs.PLAIN.withKubeletExtraArgs("--register-schedulable=true")));
        commands.climb(V34);
        assertThat(node(commands, W1).ready()).isFalse();

        commands.host("w1").write("/etc/default/kubelet", new byte[0], FileAttributes.ROOT_READABLE);
        commands.ports().clock().sleep(Duration.ofSeconds(30));

        assertThat(node(commands, W1).ready()).isTrue();
        assertThat(node(commands, W1).kubelet()).isEqualTo(V34);
    }

    @Test
    void anUnknownFeatureGateKeepsItFromStarting() {
        Commands commands = commands(ClusterShape.standard(KubernetesVersion.parse("v1.32.13"))
                .with(Customs.PLAIN.withKubeletConfig("featureGates:\n  CPUManager: true\n")));
        commands.install("w1", V33, "kubelet");

        commands.run("w1", "systemctl restart kubelet");

        assertThat(commands.out("w1", "systemctl is-active kubelet")).isEqualTo("activating");
    }

    @Test
    void aKubeletNewerThanTheApiServersLeavesItsNodeNotReady() {
        Commands commands = commands(ClusterShape.standard(V33));
        commands.install("w1", V34, "kubelet");

        commands.run("w1", "systemctl restart kubelet");
        commands.ports().clock().sleep(Duration.ofMinutes(2));

        assertThat(commands.out("w1", "systemctl is-active kubelet")).isEqualTo("active");
        assertThat(node(commands, W1).ready()).isFalse();
    }

    @Test
    void aRestartWithTheSameVersionIsNotSeenByTheApi() {
        Commands commands = commands(ClusterShape.standard(V33));
        List<KubePod> before = commands.ports().kube().podsOn(W1);

        commands.run("w1", "systemctl restart kubelet");
        commands.ports().clock().sleep(Duration.ofMinutes(1));

        assertThat(node(commands, W1).ready()).isTrue();
        assertThat(commands.ports().kube().podsOn(W1)).isEqualTo(before);
    }

    @Test
    void aNewMinorRestartsEveryContainerOfTheNode() {
        Commands commands = commands(ClusterShape.standard(V33));
        commands.climb(V34);

        assertThat(commands.ports().kube().podsOn(new NodeName("cp1")))
                .filteredOn(KubePod::mirror)
                .hasSize(4)
                .allMatch(KubePod::ready)
                .allSatisfy(pod -> assertThat(pod.containerStarts().get(0)).isGreaterThan("2026-11-02T08:06"));
    }

    @Test
    void installingThePackageAloneChangesNothing() {
        Commands commands = commands(ClusterShape.standard(V33));

        commands.install("w1", V34, "kubelet");
        commands.ports().clock().sleep(Duration.ofMinutes(5));

        assertThat(node(commands, W1).kubelet()).isEqualTo(V33);
        assertThat(node(commands, W1).ready()).isTrue();
    }

    private static KubeNode node(Commands commands, NodeName name) {
        return commands.ports().kube().node(name).orElseThrow();
    }

    private static Commands commands(ClusterShape shape) {
        return new Commands(SimulatedCluster.of(shape).connect().ports());
    }
}
