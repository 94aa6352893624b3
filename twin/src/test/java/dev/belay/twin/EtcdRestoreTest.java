package dev.belay.twin;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Ports;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.host.Command;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.kube.Workload;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import dev.belay.twin.machine.StaticPods;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A snapshot restored on all members of a simulated cluster, step by step, and what comes of doing it by halves. */
class EtcdRestoreTest {

    private static final KubernetesVersion V33 = KubernetesVersion.parse("v1.33.13");
    private static final KubernetesVersion V34 = KubernetesVersion.parse("v1.34.4");
    private static final String SET = "twin/0badcafe/v1.34.4/";
    private static final String BEFORE = "/var/lib/etcd.before-belay-" + Calls.BACK;
    private static final List<String> CONTROL_PLANES = List.of("cp1", "cp2", "cp3");
    private static final List<String> SERVERS = List.of("kube-apiserver", "kube-controller-manager", "kube-scheduler");

    private final Steps steps = Steps.on(ClusterShape.standard(V33));
    private final Ports ports = steps.ports();

    @Test
    void objectsAreAgainWhatTheyWereAtTheSnapshot() {
        ports.kube().apply(configMap("kept", "first") + "---\n" + configMap("doomed", "there"));
        snapshot();
        String before = clusterId();
        ports.kube().apply(configMap("kept", "second") + "---\n" + configMap("late", "new"));
        ports.kube().delete(configMap("doomed", "there"), Duration.ofMinutes(1));
        ports.kube().cordon(new NodeName("w1"), "belay-somebody");

        restore();

        assertThat(ports.kube().configMap("default", "kept")).contains(Map.of("value", "first"));
        assertThat(ports.kube().configMap("default", "doomed")).isPresent();
        assertThat(ports.kube().configMap("default", "late")).isEmpty();
        assertThat(ports.kube().nodes()).allMatch(node -> node.schedulable());
        assertThat(clusterId()).isNotEqualTo(before);
    }

    @Test
    void whatWasMadeSinceIsListedBeforeItIsLostAndWhatWasKeptGoesWhenItIsSignedOff() {
        snapshot();
        long snapshot = EtcdPicture.take(ports.etcd()).revision();
        ports.kube().apply(configMap("late", "new"));
        EtcdMember member = ports.etcd().members().get(0);

        assertThat(ports.etcd().createdSince(member, snapshot, 10))
                .containsExactly("/registry/configmaps/default/late");
        restore();
        assertThat(ports.etcd().createdSince(ports.etcd().members().get(0), snapshot, 10))
                .isEmpty();
        for (String node : CONTROL_PLANES) {
            assertThat(isThere(node, BEFORE)).isTrue();
            node("restore.signOff", node, Map.of("run", Calls.BACK));
            assertThat(isThere(node, BEFORE)).isFalse();
            assertThat(isThere(node, "/var/lib/etcd")).isTrue();
        }
        assertThat(EtcdPicture.take(ports.etcd()).hashes()).hasSize(3);
    }

    @Test
    void theMembersAreOneNewClusterBeyondTheBumpAndWhatWasWatchedIsCompacted() {
        snapshot();
        long watched = EtcdPicture.take(ports.etcd()).revision();

        restore();

        EtcdPicture picture = EtcdPicture.take(ports.etcd());
        assertThat(picture.problems(CONTROL_PLANES.stream().map(NodeName::new).toList()))
                .isEmpty();
        assertThat(picture.revision()).isGreaterThan(1_000_000_000L);
        assertThat(picture.hashes()).hasSize(3);
        assertThat(failsWith(FailureKind.TRANSIENT, "ETCD_REVISION", () -> ports.etcd()
                                .hash(picture.members().get(0), watched))
                        .why())
                .contains("compacted");
    }

    @Test
    void podsThatRanOnGoOnAndThoseMadeSinceEnd() {
        snapshot();
        List<String> before = uids();
        KubePod evicted = ports.kube().pods("shop", Map.of("app", "web")).get(0);
        ports.kube().evict(evicted);
        ports.clock().sleep(Duration.ofMinutes(1));
        assertThat(uids()).isNotEqualTo(before);

        restore();
        ports.clock().sleep(Duration.ofMinutes(1));

        assertThat(uids()).isEqualTo(before);
        assertThat(ports.kube().workloads()).allMatch(Workload::available);
        assertThat(ports.kube().podsOn(new NodeName("cp1")))
                .filteredOn(KubePod::mirror)
                .hasSize(4)
                .allMatch(KubePod::ready);
    }

    @Test
    void oneMemberWithRestoredDataStandsApartFromTheOthers() {
        snapshot();
        String before = clusterId();
        each("staticPods.stop", Map.of("components", SERVERS));
        each("etcd.stop", Map.of());
        node("etcd.restore", "cp1", Map.of("set", SET, "snapshot", sha256()));

        each("etcd.start", Map.of("set", SET));
        ports.clock().sleep(Duration.ofSeconds(10));

        EtcdPicture picture = EtcdPicture.take(ports.etcd());
        assertThat(picture.statuses().get("cp1").clusterId()).isNotEqualTo(before);
        assertThat(picture.statuses().get("cp1").leaderId()).isEqualTo("0");
        assertThat(List.of("cp2", "cp3"))
                .allSatisfy(name ->
                        assertThat(picture.statuses().get(name).clusterId()).isEqualTo(before));
    }

    @Test
    void theDataThatWereSetAsideComeBackWithTheirClusterAndItsObjects() {
        snapshot();
        String before = clusterId();
        ports.kube().apply(configMap("late", "new"));
        each("staticPods.stop", Map.of("components", SERVERS));
        each("etcd.stop", Map.of());
        each("etcd.restore", Map.of("set", SET, "snapshot", sha256()));
        each("etcd.start", Map.of("set", SET));
        ports.clock().sleep(Duration.ofSeconds(10));
        assertThat(clusterId()).isNotEqualTo(before);
        node("etcd.stop", "cp1", Map.of());
        node("etcd.stop", "cp2", Map.of());
        node("etcd.stop", "cp3", Map.of());

        CONTROL_PLANES.forEach(
                name -> steps.undo(Calls.back("etcd.restore", name), Map.of("set", SET, "snapshot", sha256())));
        each("etcd.start", Map.of("set", SET));
        each("staticPods.start", Map.of("set", SET, "components", SERVERS));
        ports.clock().sleep(Duration.ofSeconds(10));

        assertThat(clusterId()).isEqualTo(before);
        assertThat(ports.kube().configMap("default", "late")).isPresent();
    }

    @Test
    void etcd35DoesNotStartOnWhatAll36MembersHaveWritten() {
        snapshot();
        steps.commands().climb(V34);

        each("etcd.stop", Map.of());
        keptEtcd("cp1");

        ports.clock().sleep(Duration.ofMinutes(2));

        StaticPods pods = steps.cluster().world().machine(new NodeName("cp1")).staticPods();
        assertThat(pods.isRunning("etcd")).isFalse();
        assertThat(pods.crash("etcd").orElse("")).contains("cluster cannot be downgraded", "3.5.35", "3.6");
    }

    @Test
    void afterAClimbEverythingGoesBackToTheMinorBefore() {
        snapshot();
        steps.commands().climb(V34);
        assertThat(versions()).containsOnly("3.6.16");

        restore();

        assertThat(versions()).containsOnly("3.5.35");
        assertThat(ports.kube()
                        .apiServers(CONTROL_PLANES.stream().map(NodeName::new).toList()))
                .containsOnly(V33);
        assertThat(ports.kube()
                        .configMap("kube-system", "kubeadm-config")
                        .orElseThrow()
                        .get("ClusterConfiguration"))
                .contains("kubernetesVersion: v1.33.13");
        assertThat(ports.hosts().on(new NodeName("cp1")).list(List.of("/var/lib/etcd.before-belay-5ee0f00d")))
                .isNotEmpty();
    }

    private void snapshot() {
        steps.run("backup.etcd", Map.of());
        steps.run("backup.files", Map.of());
    }

    private void restore() {
        each("staticPods.stop", Map.of("components", SERVERS));
        each("etcd.stop", Map.of());
        each("etcd.restore", Map.of("set", SET, "snapshot", sha256()));
        each("node.restore", Map.of("set", SET));
        each("etcd.start", Map.of("set", SET));
        steps.run(Calls.back("etcd.verifyRestored", null), Map.of("set", SET));
        each("staticPods.start", Map.of("set", SET, "components", SERVERS));
        for (String worker : List.of("w1", "w2", "w3", "w4")) {
            node("node.restore", worker, Map.of("set", SET));
        }
        ports.clock().sleep(Duration.ofMinutes(1));
        assertThat(ports.kube().nodes())
                .allMatch(node -> node.ready() && node.kubelet().equals(V33));
    }

    private void keptEtcd(String node) {
        failsWith(FailureKind.PRECONDITION, "STATIC_POD_DOWN", () -> node("etcd.start", node, Map.of("set", SET)));
    }

    private String sha256() {
        return ports.evidence().list(SET + "etcd-snapshot.db").get(0).sha256();
    }

    private String clusterId() {
        EtcdMember first = ports.etcd().members().get(0);
        return ports.etcd().status(first).clusterId();
    }

    private List<String> versions() {
        return ports.etcd().members().stream()
                .map(ports.etcd()::status)
                .map(MemberStatus::version)
                .toList();
    }

    private List<String> uids() {
        return ports.kube().pods("shop", Map.of()).stream().map(KubePod::uid).toList();
    }

    private boolean isThere(String node, String path) {
        return ports.hosts()
                .on(new NodeName(node))
                .run(Command.root("test", "-e", path))
                .ok();
    }

    private void each(String uses, Map<String, Object> with) {
        CONTROL_PLANES.forEach(name -> node(uses, name, with));
    }

    private void node(String uses, String node, Map<String, Object> with) {
        steps.run(Calls.back(uses, node), with);
    }

    private static String configMap(String name, String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: default}\ndata: {value: %s}\n"
                .formatted(name, value);
    }
}
