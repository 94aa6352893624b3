package dev.belay.twin;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.host.Command;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.Job;
import dev.belay.activities.host.JobOutcome;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands, packages and jobs of a simulated node. */
class HostTest {

    private static final KubernetesVersion V33 = KubernetesVersion.parse("v1.33.13");
    private static final KubernetesVersion V34 = KubernetesVersion.parse("v1.34.4");

    private final SimulatedCluster cluster = SimulatedCluster.of(ClusterShape.standard(V33));
    private final Commands commands = new Commands(cluster.connect().ports());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rm -rf /",
                "sh -c true",
                "hostname; rm -rf /",
                "kubeadm reset",
                "kubeadm version",
                "systemctl stop kubelet",
                "apt-mark auto kubelet",
                "date",
                "cat /etc/shadow",
                "dpkg-query -l"
            })
    void whatNoStepUsesIsNotFound(String command) {
        assertThat(commands.run("w1", command).exit()).isEqualTo(127);
        assertThat(cluster.effects().list()).isEmpty();
    }

    @Test
    void textForAShellIsOnlyAWord() {
        assertThat(commands.host("w1")
                        .run(Command.root("dpkg-query", "-W", "-f", "${Version}", "kubeadm; rm -rf /\n\"'"))
                        .exit())
                .isEqualTo(1);
        assertThat(commands.host("w1").run(Command.of("hostname")).out()).isEqualTo("w1\n");
    }

    @Test
    void readsSayWhatTheNodeIs() {
        assertThat(commands.out("cp1", "id -u")).isEqualTo("0");
        assertThat(commands.host("cp1").run(Command.of("id", "-u")).out()).isEqualTo("1000\n");
        assertThat(commands.out("cp1", "dpkg-query -W -f ${Version} kubeadm")).isEqualTo("1.33.13-1.1");
        assertThat(commands.run("cp1", "dpkg-query -W -f ${Version} docker").err())
                .contains("no packages found matching docker");
        assertThat(commands.out("cp1", "apt-mark showhold")).isEqualTo("kubeadm\nkubectl\nkubelet");
        assertThat(commands.out("cp1", "stat -fc %T /sys/fs/cgroup")).isEqualTo("cgroup2fs");
        assertThat(commands.out("cp1", "kubeadm version -o short")).isEqualTo("v1.33.13");
        assertThat(commands.out("cp1", "kubeadm config images list --kubernetes-version v1.33.13"))
                .contains("registry.k8s.io/etcd:3.5.35-0", "registry.k8s.io/kube-apiserver:v1.33.13");
        assertThat(commands.out("cp1", "date +%s"))
                .isEqualTo(String.valueOf(cluster.now().getEpochSecond()));
    }

    @Test
    void aChangeNeedsRoot() {
        assertThat(commands.host("w1")
                        .run(Command.of("apt-mark", "unhold", "kubeadm"))
                        .exit())
                .isEqualTo(100);
        assertThat(commands.out("w1", "apt-mark showhold")).contains("kubeadm");
    }

    @Test
    void onlyThePackagesOfTheConfiguredRepositoryAreThereAndOnlyAfterAnUpdate() {
        assertThat(commands.out("w1", "apt-cache madison kubeadm"))
                .startsWith("kubeadm | 1.33.20-1.1 | https://pkgs.k8s.io/core:/stable:/v1.33/deb  Packages")
                .contains("kubeadm | 1.33.13-1.1")
                .doesNotContain("1.34.");
        source("https://pkgs.k8s.io/core:/stable:/v1.34/deb/");
        assertThat(commands.out("w1", "apt-cache madison kubeadm")).doesNotContain("1.34.");

        commands.job("w1", "u", "apt-get update -q");

        assertThat(commands.out("w1", "apt-cache madison kubeadm"))
                .contains("1.34.4-1.1")
                .doesNotContain("1.33.");
    }

    @Test
    void anUnknownRepositoryFailsTheUpdate() {
        source("https://example.org/v1.34/deb/");

        JobOutcome outcome = commands.job("w1", "u", "apt-get update -q");

        assertThat(outcome.exit()).isEqualTo(100);
        assertThat(outcome.output()).contains("does not have a Release file");
    }

    @Test
    void heldPackagesAreNotChanged() {
        source("https://pkgs.k8s.io/core:/stable:/v1.34/deb/");
        commands.job("w1", "u", "apt-get update -q");

        JobOutcome outcome = commands.job("w1", "i", "apt-get install -y kubeadm=1.34.4-1.1");

        assertThat(outcome.exit()).isEqualTo(100);
        assertThat(outcome.output()).contains("Held packages were changed");
        assertThat(commands.out("w1", "kubeadm version -o short")).isEqualTo("v1.33.13");
    }

    @Test
    void packagesAreNotDowngradedNorInvented() {
        commands.run("w1", "apt-mark unhold kubeadm");

        assertThat(commands.job("w1", "i", "apt-get install -y kubeadm=1.33.12-1.1")
                        .output())
                .contains("Packages were downgraded");
        assertThat(commands.job("w1", "j", "apt-get install -y kubeadm=1.99.0-1.1")
                        .output())
                .contains("Version '1.99.0-1.1' for 'kubeadm' was not found");
        assertThat(commands.job("w1", "k", "apt-get install -y nonsense=1").output())
                .contains("Unable to locate package nonsense");
    }

    @Test
    void theSameKeyNeverRunsTwice() {
        commands.install("w1", V34, "kubeadm");

        JobOutcome again = commands.job("w1", "v1.34.4/w1/kubeadm/update", "apt-get update -q");

        assertThat(again.rejoined()).isTrue();
        assertThat(again.ok()).isTrue();
        assertThat(cluster.effects().count("w1: apt-get update -q")).isEqualTo(1);
        assertThat(commands.host("w1").hasJob("v1.34.4/w1/kubeadm/update")).isTrue();
        assertThat(commands.host("w1").hasJob("other")).isFalse();
    }

    @Test
    void aKeyMeansOneCommand() {
        commands.job("w1", "key", "apt-get update -q");

        failsWith(FailureKind.PERMANENT, "JOB_MISMATCH", () -> commands.job("w1", "key", "kubeadm upgrade node"));
    }

    @Test
    void aJobIsStoppedAtItsLimit() {
        commands.install("cp1", V34, "kubeadm");

        JobOutcome outcome = commands.host("cp1")
                .job(
                        new Job(
                                "a",
                                List.of("kubeadm", "upgrade", "apply", "v1.34.4", "--yes"),
                                Map.of(),
                                Duration.ofSeconds(30)),
                        () -> {});

        assertThat(outcome.known()).isTrue();
        assertThat(outcome.exit()).isEqualTo(143);
    }

    @Test
    void aPowerCutLosesTheJobAndItsOutcomeIsNotKnown() {
        commands.install("cp2", V34, "kubeadm");
        String boot = commands.out("cp2", "cat /proc/sys/kernel/random/boot_id");
        Runnable cut = () -> cluster.powerCut(new NodeName("cp2"), Duration.ofSeconds(20));

        failsWith(FailureKind.TRANSIENT, "UNREACHABLE", () -> commands.host("cp2")
                .job(Commands.job("a", "kubeadm upgrade apply v1.34.4 --yes"), cut));
        commands.ports().clock().sleep(Duration.ofMinutes(1));
        JobOutcome outcome = commands.job("cp2", "a", "kubeadm upgrade apply v1.34.4 --yes");

        assertThat(outcome.known()).isFalse();
        assertThat(outcome.rejoined()).isTrue();
        assertThat(commands.out("cp2", "cat /proc/sys/kernel/random/boot_id")).isNotEqualTo(boot);
        assertThat(commands.ports().kube().apiServer(new NodeName("cp2")).ready())
                .isTrue();
    }

    @Test
    void aFileNeedsItsFolder() {
        failsWith(FailureKind.PERMANENT, "FILE_REFUSED", () -> commands.host("w1")
                .write("/no/such/folder/file", new byte[0], FileAttributes.ROOT_ONLY));
    }

    private void source(String url) {
        commands.host("w1")
                .write(
                        "/etc/apt/sources.list.d/kubernetes.list",
                        ("deb [signed-by=/k.gpg] " + url + " /\n").getBytes(StandardCharsets.UTF_8),
                        FileAttributes.ROOT_READABLE);
    }
}
