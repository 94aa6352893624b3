package dev.belay.twin;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.activities.Done;
import dev.belay.activities.Ports;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** etcd of a simulated cluster that was climbed to v1.34.4, taken back live step by step. */
class DowngradeStepsTest {

    private static final KubernetesVersion V33 = KubernetesVersion.parse("v1.33.13");
    private static final KubernetesVersion V34 = KubernetesVersion.parse("v1.34.4");
    private static final String MANIFEST = "/etc/kubernetes/manifests/etcd.yaml";
    private static final String SET = "twin/" + Steps.RUN + "/v1.34.4/";
    private static final String SHELF = "/etc/kubernetes/.belay-0badcafe-etcd.yaml";
    private static final Map<String, Object> WITH = Map.of("set", SET, "to", "3.5");
    private static final List<String> CONTROL_PLANES = List.of("cp1", "cp2", "cp3");

    private final Steps steps = Steps.on(ClusterShape.standard(V33));
    private final Ports ports = steps.ports();

    @BeforeEach
    void climb() {
        steps.run("backup.files", Map.of());
        steps.commands().climbControlPlanes(V34);
        assertThat(versions()).containsOnly("3.6.16");
    }

    @Test
    void theMembersGoBackOneByOneAndNothingThatWasWrittenIsLost() {
        ports.kube().apply(configMap("before"));
        steps.run("etcd.validateDowngrade", WITH);
        steps.run("etcd.enableDowngrade", Map.of("to", "3.5"));
        for (String node : CONTROL_PLANES) {
            ports.kube().apply(configMap("since-" + node));
            steps.run("etcd.downgradeMember", node, WITH);
            assertThat(EtcdPicture.take(ports.etcd()).problems(nodes())).isEmpty();
        }
        Done<?> verified = steps.run("etcd.verifyDowngraded", Map.of("to", "3.5"));

        assertThat(verified.why()).contains("3 members and the cluster version are of etcd 3.5");
        assertThat(versions()).containsOnly("3.5.35");
        for (String name : List.of("before", "since-cp1", "since-cp2", "since-cp3")) {
            assertThat(ports.kube().configMap("default", name)).contains(Map.of("value", name));
        }
        assertThat(ports.kube().apiServers(nodes())).containsOnly(V34);
    }

    @Test
    void noMemberGoesBackBeforeTheDowngradeIsEnabled() {
        assertThat(failsWith(
                                FailureKind.PRECONDITION,
                                "DOWNGRADE_UNSAFE",
                                () -> steps.run("etcd.downgradeMember", "cp1", WITH))
                        .why())
                .contains("the data of etcd member cp1 are written for 3.6.0, not for 3.5");
        assertThat(versions()).containsOnly("3.6.16");
        assertThat(steps.effectsOf("cp1")).noneMatch(effect -> effect.contains("belay-0badcafe-etcd"));
    }

    @Test
    void noMemberGoesBackWhileAnotherIsDown() {
        steps.run("etcd.enableDowngrade", Map.of("to", "3.5"));
        ports.hosts().on(new NodeName("cp2")).move(MANIFEST, "/root/etcd.yaml");
        ports.clock().sleep(Duration.ofMinutes(1));

        assertThat(failsWith(
                                FailureKind.PRECONDITION,
                                "DOWNGRADE_UNSAFE",
                                () -> steps.run("etcd.downgradeMember", "cp1", WITH))
                        .why())
                .contains("etcd member cp2 does not answer");
        assertThat(ports.hosts().on(new NodeName("cp1")).read(SHELF)).isEmpty();
    }

    @Test
    void whoeverComesAfterALostWorkerFinishesWhatWasBegun() {
        steps.run("etcd.enableDowngrade", Map.of("to", "3.5"));
        ports.hosts().on(new NodeName("cp1")).move(MANIFEST, SHELF);
        ports.clock().sleep(Duration.ofMinutes(1));

        Done<?> finished = steps.run("etcd.downgradeMember", "cp1", WITH);
        Done<?> again = steps.run("etcd.downgradeMember", "cp1", WITH);

        assertThat(finished.why()).isEqualTo("etcd member cp1 runs 3.5.35, caught up");
        assertThat(again.why()).isEqualTo(finished.why());
        assertThat(versions()).containsExactly("3.5.35", "3.6.16", "3.6.16");
    }

    @ParameterizedTest
    @CsvSource({
        "etcd downgrade enable, true", "etcd downgrade enable, false",
        "cp2: move /etc/kubernetes/manifests/etcd.yaml, true", "cp2: move /etc/kubernetes/manifests/etcd.yaml, false",
        "cp2: write /etc/kubernetes/manifests/etcd.yaml, true", "cp2: write /etc/kubernetes/manifests/etcd.yaml, false"
    })
    void aWorkerLostAtAnyChangeChangesNothing(String change, boolean before) {
        Steps lost = steps.lostAt(change, before);
        Deque<String> left =
                new ArrayDeque<>(List.of("etcd.enableDowngrade", "cp1", "cp2", "cp3", "etcd.verifyDowngraded"));
        assertThatThrownBy(() -> wayBack(lost, left)).isInstanceOf(WorkerLost.class);
        ports.clock().sleep(Duration.ofSeconds(20));

        wayBack(steps, left);

        assertThat(versions()).containsOnly("3.5.35");
        assertThat(EtcdPicture.take(ports.etcd()).problems(nodes())).isEmpty();
        assertThat(changes("downgrade enable")).isEqualTo(1);
        assertThat(changes("move " + MANIFEST + " to " + SHELF)).isEqualTo(3);
    }

    /** What is left of the way back, as an engine goes on: a step that came to its end is not done again. */
    private static void wayBack(Steps by, Deque<String> left) {
        while (!left.isEmpty()) {
            if (CONTROL_PLANES.contains(left.getFirst())) {
                by.run("etcd.downgradeMember", left.getFirst(), WITH);
            } else {
                by.run(left.getFirst(), Map.of("to", "3.5"));
            }
            left.removeFirst();
        }
    }

    private long changes(String what) {
        return steps.cluster().effects().list().stream()
                .map(String::valueOf)
                .filter(effect -> effect.contains(what) && !effect.endsWith("(no change)"))
                .count();
    }

    @Test
    void enablingTwiceIsEnablingOnce() {
        steps.run("etcd.enableDowngrade", Map.of("to", "3.5"));
        steps.run("etcd.enableDowngrade", Map.of("to", "3.5"));

        assertThat(changes("downgrade enable")).isEqualTo(1);
        assertThat(statuses()).extracting(MemberStatus::storageVersion).containsOnly("3.5.0");
    }

    @Test
    void whatWasDoneIsTakenBackAndTheClusterIsOfTheNewMinorAgain() {
        steps.run("etcd.enableDowngrade", Map.of("to", "3.5"));
        steps.run("etcd.downgradeMember", "cp1", WITH);

        steps.undo(Calls.node("cp2", "member", "etcd.downgradeMember", 0), WITH);
        steps.undo(Calls.node("cp1", "member", "etcd.downgradeMember", 0), WITH);
        steps.undo(Calls.cluster("enable", "etcd.enableDowngrade", 0), Map.of("to", "3.5"));
        ports.clock().sleep(Duration.ofSeconds(5));

        assertThat(versions()).containsOnly("3.6.16");
        assertThat(statuses()).extracting(MemberStatus::storageVersion).containsOnly("3.6.0");
        assertThat(ports.etcd().validateDowngrade("3.5")).isEqualTo("3.6");
    }

    @Test
    void afterwardsAControlPlaneCanGoBackAlone() {
        failsWith(
                FailureKind.PRECONDITION,
                "ETCD_RAISED",
                () -> steps.reverse(Calls.node("cp3", "renew", "kubeadm.node", 0)));
        steps.run("etcd.enableDowngrade", Map.of("to", "3.5"));
        CONTROL_PLANES.forEach(node -> steps.run("etcd.downgradeMember", node, WITH));
        steps.run("etcd.verifyDowngraded", Map.of("to", "3.5"));

        steps.reverse(Calls.node("cp3", "renew", "kubeadm.node", 0));

        assertThat(ports.kube().apiServers(List.of(new NodeName("cp3")))).containsExactly(V33);
        assertThat(ports.kube().apiServers(List.of(new NodeName("cp1")))).containsExactly(V34);
        assertThat(EtcdPicture.take(ports.etcd()).problems(nodes())).isEmpty();
    }

    @Test
    void aControlPlaneStaysWhileAWorkerIsNewerThanItWouldBe() {
        steps.commands().install("w1", V34, "kubelet");
        steps.commands().run("w1", "systemctl restart kubelet");
        ports.clock().sleep(Duration.ofMinutes(1));

        assertThat(failsWith(
                                FailureKind.PRECONDITION,
                                "KUBELET_NEWER",
                                () -> steps.reverse(Calls.node("cp3", "renew", "kubeadm.node", 0)))
                        .why())
                .contains("w1");
    }

    @Test
    void validatingNamesEverythingThatStandsInTheWay() {
        NodeName cp3 = new NodeName("cp3");
        String now = new String(ports.hosts().on(cp3).read(MANIFEST).orElseThrow(), StandardCharsets.UTF_8);
        ports.hosts()
                .on(cp3)
                .write(
                        MANIFEST,
                        now.replace("--name=cp3", "--name=other").getBytes(StandardCharsets.UTF_8),
                        FileAttributes.ROOT_ONLY);

        assertThat(failsWith(FailureKind.PRECONDITION, "BACKUP_UNFIT", () -> steps.run("etcd.validateDowngrade", WITH))
                        .why())
                .contains("the etcd manifest kept of cp3 has --name=cp3, and the one in use other");
        assertThat(failsWith(
                                FailureKind.PRECONDITION,
                                "ETCD_VERSION",
                                () -> steps.run("etcd.validateDowngrade", Map.of("set", SET, "to", "3.4")))
                        .why())
                .contains("only 3.5 goes back to 3.4", "is of etcd 3.5.35, not of 3.4");
        failsWith(
                FailureKind.PERMANENT,
                "INPUT",
                () -> steps.run("etcd.validateDowngrade", Map.of("set", SET, "to", "3.5; reboot")));
    }

    private List<MemberStatus> statuses() {
        return ports.etcd().members().stream().map(ports.etcd()::status).toList();
    }

    private List<String> versions() {
        return statuses().stream().map(MemberStatus::version).toList();
    }

    private static List<NodeName> nodes() {
        return CONTROL_PLANES.stream().map(NodeName::new).toList();
    }

    private static String configMap(String name) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: default}\ndata: {value: %s}\n"
                .formatted(name, name);
    }
}
