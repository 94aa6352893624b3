package dev.belay.twin;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.activities.Ports;
import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.kube.Eviction;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.steps.Pem;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepCall;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong at the step it was planned for, stays so for every attempt, and is mended by a person's retry. */
class FaultTest {

    private static final KubernetesVersion V33 = KubernetesVersion.parse("v1.33.13");
    private static final KubernetesVersion V34 = KubernetesVersion.parse("v1.34.4");
    private static final String APPLY = "kubeadm upgrade apply v1.34.4 --yes";
    private static final NodeName W2 = new NodeName("w2");

    @Test
    void isReadFromItsText() {
        assertThat(FaultPlan.parse(List.of("drain=drain-blocked@w2", "kubeadm.apply=kubeadm-fails"))
                        .faults())
                .containsExactly(
                        new Fault("drain", FaultKind.DRAIN_BLOCKED, W2),
                        new Fault("kubeadm.apply", FaultKind.KUBEADM_FAILS, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"drain", "=ssh-cut", "drain=", "drain=meteor", "drain=ssh-cut@W 1; rm -rf /", "drain=ssh-cut@"})
    void textThatIsNoneIsRefusedInWords(String text) {
        assertThatThrownBy(() -> Fault.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(".*\".*\" is not a .*: .*");
    }

    @Test
    void sshIsLostInTheJobWhichGoesOnAndIsFoundAfterTheRetry() {
        SimulatedCluster cluster = cluster("apply=ssh-cut");
        Connection connection = cluster.connect();
        new Commands(connection.ports()).install("cp1", V34, "kubeadm");
        Commands first = at(connection, Calls.node("cp1", "apply", "kubeadm.apply", 0));
        assertThat(first.out("cp1", "kubeadm version -o short")).isEqualTo("v1.34.4");

        failsWith(FailureKind.TRANSIENT, "CONNECTION_LOST", () -> first.job("cp1", "key", APPLY));
        failsWith(FailureKind.TRANSIENT, "UNREACHABLE", () -> first.out("cp1", "hostname"));
        Commands second = at(connection, Calls.node("cp1", "apply", "kubeadm.apply", 0));
        failsWith(FailureKind.TRANSIENT, "UNREACHABLE", () -> second.job("cp1", "key", APPLY));

        JobOutcome outcome =
                at(connection, Calls.node("cp1", "apply", "kubeadm.apply", 1)).job("cp1", "key", APPLY);

        assertThat(outcome.ok()).isTrue();
        assertThat(outcome.rejoined()).isTrue();
        assertThat(cluster.effects().count("cp1: " + APPLY)).isEqualTo(1);
    }

    @Test
    void sshIsLostInALookWhenTheStepOnlyLooks() {
        Connection connection = cluster("access=ssh-cut@w2").connect();
        Commands commands = at(connection, Calls.cluster("access", "check.access", 0));

        assertThat(commands.out("w1", "hostname")).isEqualTo("w1");
        failsWith(FailureKind.TRANSIENT, "CONNECTION_LOST", () -> commands.out("w2", "hostname"));
        failsWith(FailureKind.TRANSIENT, "UNREACHABLE", () -> commands.out("w2", "hostname"));
    }

    @Test
    void kubeadmFailsAndRecoversAndSucceedsAfterTheRetry() {
        Connection connection = cluster("kubeadm.apply=kubeadm-fails").connect();
        new Commands(connection.ports()).install("cp1", V34, "kubeadm");

        JobOutcome failed =
                at(connection, Calls.node("cp1", "apply", "kubeadm.apply", 0)).job("cp1", "a", APPLY);
        JobOutcome retried =
                at(connection, Calls.node("cp1", "apply", "kubeadm.apply", 1)).job("cp1", "b", APPLY);

        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.output()).contains("kubeadm has tried to recover everything into the earlier state");
        assertThat(retried.ok()).isTrue();
    }

    @Test
    void kubeadmFailsInAPlanByItsHealthCheck() {
        Connection connection = cluster("preview=kubeadm-fails").connect();
        new Commands(connection.ports()).install("cp1", V34, "kubeadm");

        JobOutcome outcome = at(connection, Calls.node("cp1", "preview", "kubeadm.plan", 0))
                .job("cp1", "a", "kubeadm upgrade plan v1.34.4");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output()).contains("\t[ERROR CreateJob]: Job \"upgrade-health-check");
    }

    @Test
    void aDrainIsBlockedByItsBudgetUntilTheRetry() {
        Connection connection = cluster("drain=drain-blocked@w2").connect();
        Ports blocked = connection.portsFor(Calls.node("w2", "drain", "node.drain", 0));
        List<Eviction.Answer> answers = new ArrayList<>();

        evictable(blocked).forEach(pod -> answers.add(blocked.kube().evict(pod).answer()));

        assertThat(answers).contains(Eviction.Answer.BLOCKED);
        Ports mended = connection.portsFor(Calls.node("w2", "drain", "node.drain", 1));
        assertThat(evictable(mended))
                .allSatisfy(pod -> assertThat(mended.kube().evict(pod).answer()).isEqualTo(Eviction.Answer.ACCEPTED));
    }

    @Test
    void aFaultHappensAtTheFirstMatchingNodeOnly() {
        Connection connection = cluster("drain=drain-blocked").connect();
        connection.portsFor(Calls.node("w1", "drain", "node.drain", 0));
        connection.portsFor(Calls.node("w1", "drain", "node.drain", 1));

        Ports ports = connection.portsFor(Calls.node("w2", "drain", "node.drain", 0));

        assertThat(ports.kube().disruptionBudgets()).allMatch(budget -> budget.disruptionsAllowed() > 0);
    }

    @Test
    void aNodeIsNotReadyUntilTheRetry() {
        Connection connection = cluster("ready=node-not-ready").connect();

        Ports ports = connection.portsFor(Calls.node("w2", "ready", "node.awaitReady", 0));

        assertThat(ports.kube().node(W2).orElseThrow().ready()).isFalse();
        assertThat(connection
                        .portsFor(Calls.node("w2", "ready", "node.awaitReady", 1))
                        .kube()
                        .node(W2)
                        .orElseThrow()
                        .ready())
                .isTrue();
    }

    @Test
    void aCertificateHasRunOutUntilTheRetry() throws CertificateException {
        SimulatedCluster cluster = cluster("certificates=certificate-expired@cp2");
        Connection connection = cluster.connect();

        Date ended = end(connection.portsFor(Calls.cluster("certificates", "check.certificates", 0)));
        Date renewed = end(connection.portsFor(Calls.cluster("certificates", "check.certificates", 1)));

        assertThat(ended.toInstant()).isBefore(cluster.now());
        assertThat(renewed.toInstant()).isAfter(cluster.now());
    }

    @Test
    void etcdIsOutOfSpaceAndNothingCanBeWrittenUntilTheRetry() {
        Connection connection = cluster("etcd=etcd-nospace").connect();
        Ports full = connection.portsFor(Calls.cluster("etcd", "check.etcd", 0));

        assertThat(full.etcd().alarms()).hasSize(1);
        assertThat(full.etcd().status(full.etcd().members().get(0)).errors()).hasSize(1);
        failsWith(FailureKind.PRECONDITION, "ETCD_FULL", () -> full.kube().cordon(W2, "belay-1"));

        Ports mended = connection.portsFor(Calls.cluster("etcd", "check.etcd", 1));
        assertThat(mended.etcd().alarms()).isEmpty();
        assertThat(mended.kube().cordon(W2, "belay-1")).isTrue();
    }

    @Test
    void theWorkerIsKilledAfterItsFirstChangeAndOnlyOnce() {
        SimulatedCluster cluster = cluster("cordon=worker-killed");
        Connection first = cluster.connect();
        List<String> killed = new ArrayList<>();
        cluster.onWorkerKilled(call -> {
            killed.add(call.step());
            first.cut();
        });
        StepCall call = Calls.node("w2", "cordon", "node.cordon", 0);

        Ports lost = first.portsFor(call);
        assertThatThrownBy(() -> lost.kube().cordon(W2, "belay-1")).isInstanceOf(WorkerLost.class);
        Ports next = cluster.connect().portsFor(call);

        assertThat(next.kube().cordon(W2, "belay-1")).isFalse();
        assertThat(killed).containsExactly("cordon");
    }

    private static SimulatedCluster cluster(String... faults) {
        return SimulatedCluster.of(ClusterShape.standard(V33), FaultPlan.parse(List.of(faults)));
    }

    private static Commands at(Connection connection, StepCall call) {
        return new Commands(connection.portsFor(call));
    }

    private static List<KubePod> evictable(Ports ports) {
        return ports.kube().podsOn(W2).stream()
                .filter(pod -> !pod.ownedBy("DaemonSet") && !pod.terminating())
                .toList();
    }

    private static Date end(Ports ports) throws CertificateException {
        byte[] pem = ports.hosts()
                .on(new NodeName("cp2"))
                .read("/etc/kubernetes/pki/apiserver-kubelet-client.crt")
                .orElseThrow();
        return Pem.certificates(pem).get(0).getNotAfter();
    }
}
