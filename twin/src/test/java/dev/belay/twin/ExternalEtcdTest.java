package dev.belay.twin;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Done;
import dev.belay.activities.Ports;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.fake.TestAuthority;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.backup.BackupDrill;
import dev.belay.activities.steps.backup.KeptFiles;
import dev.belay.activities.steps.certs.InspectCertificates;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import dev.belay.twin.machine.EtcdService;
import dev.belay.twin.machine.Machine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An etcd of three hosts of its own, which systemd runs: what the steps do there, and what kubeadm leaves alone. */
class ExternalEtcdTest {

    private static final KubernetesVersion V33 = KubernetesVersion.parse("v1.33.13");
    private static final KubernetesVersion V34 = KubernetesVersion.parse("v1.34.4");
    private static final List<String> SERVERS = List.of("kube-apiserver", "kube-controller-manager", "kube-scheduler");
    private static final List<String> MEMBERS = List.of("etcd1", "etcd2", "etcd3");
    private static final String SET = "twin/0badcafe/v1.34.4/";
    private static final String DROP_IN = "/etc/systemd/system/etcd.service.d/belay-" + Calls.BACK + ".conf";
    private static final String OLD = EtcdService.DATA + ".before-belay-" + Calls.BACK;

    private final Steps steps = Steps.on(ClusterShape.withExternalEtcd(V33, 1, 1));
    private final Ports ports = steps.ports();

    @Test
    void itIsReachedLookedAtAndProvenToBeTheClustersOwn() {
        assertThat(steps.run("check.access", Map.of()).why()).contains("5 hosts");
        assertThat(steps.run("check.etcd", Map.of()).why()).contains("3 members of etcd 3.5.35 agree");
        steps.run("check.nodes", Map.of());
        steps.run("check.disk", Map.of());
        Done<InspectCertificates.Output> inspected = steps.run("certs.inspect", Map.of());
        assertThat(text(inspected.output().report())).contains("etcd2", "/etc/etcd/pki/server.crt");

        machine("etcd2")
                .files()
                .write("/etc/etcd/pki/ca.crt", new TestAuthority().authority(), FileAttributes.ROOT_READABLE);

        assertThat(failsWith(FailureKind.PRECONDITION, "OTHER_CLUSTER", () -> steps.run("check.access", Map.of()))
                        .why())
                .contains("etcd2", "--etcd-cafile");
    }

    @Test
    void kubeadmRaisesTheControlPlaneAndLeavesItAlone() {
        steps.commands().climb(V34);

        assertThat(ports.etcd().members())
                .extracting(ports.etcd()::status)
                .extracting(MemberStatus::version)
                .containsOnly("3.5.35");
        assertThat(machine("cp1").staticPods().manifest("etcd")).isEmpty();
        assertThat(ports.kube().nodes()).allMatch(node -> node.kubelet().equals(V34));
        assertThat(MEMBERS)
                .allSatisfy(member -> assertThat(steps.effectsOf(member)).isEmpty());
    }

    @Test
    void aSnapshotIsDrilledOnAMemberAndItsSettingsAreKept() {
        snapshot();

        Done<BackupDrill.Output> drilled = steps.run("backup.drill", Map.of());

        assertThat(drilled.output().node()).isIn(MEMBERS);
        KeptFiles kept = KeptFiles.of(ports.evidence(), SET, new NodeName("etcd3"));
        assertThat(kept.etcdSettings().orElseThrow().flag("--data-dir")).contains(EtcdService.DATA);
        assertThat(kept.archive().files())
                .extracting(file -> file.path())
                .contains(EtcdService.SETTINGS, "/etc/etcd/pki/server.crt", "/etc/etcd/pki/peer.key");
        assertThat(page())
                .contains("'sudo' 'systemctl' 'disable' '--now' 'etcd.service'")
                .contains("'--name=etcd2'", "'--data-dir=/var/lib/etcd/default'")
                .contains("/etc/kubernetes/manifests/kube-apiserver.yaml")
                .doesNotContain("/etc/kubernetes/manifests/etcd.yaml");
    }

    @Test
    void aRestoreTakesEveryMemberBackAndSigningOffRemovesTheOldData() {
        ports.kube().apply(configMap("kept"));
        snapshot();
        String before = clusterId();
        ports.kube().apply(configMap("late"));
        check();

        node("staticPods.stop", "cp1", Map.of("components", SERVERS));
        MEMBERS.forEach(member -> node("etcd.stop", member, Map.of()));
        MEMBERS.forEach(member -> node("etcd.restore", member, Map.of("set", SET, "snapshot", sha256())));
        MEMBERS.forEach(member -> node("etcd.start", member, Map.of("set", SET)));
        steps.run(Calls.back("etcd.verifyRestored", null), Map.of("set", SET));
        node("staticPods.start", "cp1", Map.of("set", SET, "components", SERVERS));

        ports.clock().sleep(Duration.ofMinutes(1));
        assertThat(clusterId()).isNotEqualTo(before);
        assertThat(problems()).isEmpty();
        assertThat(ports.kube().configMap("default", "kept")).isPresent();
        assertThat(ports.kube().configMap("default", "late")).isEmpty();
        for (String member : MEMBERS) {
            assertThat(machine(member).files().isFolder(OLD)).isTrue();
            node("restore.signOff", member, Map.of("run", Calls.BACK));
            assertThat(machine(member).files().isFolder(OLD)).isFalse();
            assertThat(machine(member).files().exists(DROP_IN)).isFalse();
        }
    }

    @Test
    void aHostWithoutAToolThatRaisesTheRevisionIsRefusedBeforeAnythingStops() {
        snapshot();
        machine("etcd2").etcdService().install("3.5.9");

        assertThat(failsWith(FailureKind.PRECONDITION, "ETCDUTL_NO_BUMP", this::check)
                        .why())
                .contains("etcd2", "etcdutl on PATH (3.5.9)");
        machine("etcd2").etcdService().install("3.4.23");
        assertThat(failsWith(FailureKind.PRECONDITION, "ETCDUTL_MISSING", this::check)
                        .why())
                .contains("etcd2", "3.5");
    }

    @Test
    void aMemberThatWouldReadOtherDataThanThoseRestoredIsRefused() {
        snapshot();
        setting("etcd3", "ADVERTISE_PEER_URLS=https://", "ADVERTISE_PEER_URLS=https://other.");

        assertThat(failsWith(FailureKind.PRECONDITION, "MEMBER_CHANGED", this::check)
                        .why())
                .contains("etcd3", "--initial-advertise-peer-urls is https://other.");
    }

    @Test
    void aLogApartFromItsDataIsRefused() {
        setting("etcd1", "ETCD_NAME=", "ETCD_WAL_DIR=/wal\nETCD_NAME=");
        snapshot();

        assertThat(failsWith(FailureKind.PRECONDITION, "MEMBER_CHANGED", this::check)
                        .why())
                .contains("etcd1", "/wal");
    }

    @Test
    void aMemberThatDoesNotRunIsNoReasonNotToReachTheRest() {
        steps.commands().run("etcd3", "systemctl stop etcd.service");
        ports.clock().sleep(Duration.ofSeconds(5));

        assertThat(steps.run("check.access", Map.of()).why()).contains("etcd3", "nothing proves");
    }

    @Test
    void aRestoreUnderAnotherMinorThanTheSnapshotsIsRefused() {
        snapshot();
        MEMBERS.forEach(member -> {
            machine(member).etcdService().install("3.6.16");
            restart(member);
        });

        assertThat(failsWith(FailureKind.PRECONDITION, "ETCD_PROGRAM", this::check)
                        .why())
                .contains("etcd1 runs 3.6.16", "of etcd 3.5.35");
    }

    @Test
    void aMemberThatIsStoppedStaysSoThroughABootAndWhoeverStartsIt() {
        snapshot();
        node("etcd.stop", "etcd2", Map.of());
        node("etcd.stop", "etcd2", Map.of());
        assertThat(machine("etcd2").files().text(DROP_IN).orElseThrow())
                .contains("run " + Calls.BACK, "ConditionPathExists=/nonexistent/");

        steps.commands().run("etcd2", "systemctl start --no-block etcd.service");
        assertThat(machine("etcd2").etcdService().isRunning()).isFalse();
        machine("etcd2").powerCut(Duration.ofSeconds(20));
        ports.clock().sleep(Duration.ofMinutes(1));
        assertThat(machine("etcd2").etcdService().isRunning()).isFalse();

        node("etcd.start", "etcd2", Map.of("set", SET));
        ports.clock().sleep(Duration.ofSeconds(10));
        assertThat(problems()).isEmpty();
    }

    @Test
    void stoppingIsUndoneByAStart() {
        node("etcd.stop", "etcd3", Map.of());

        steps.undo(Calls.back("etcd.stop", "etcd3"), Map.of());

        ports.clock().sleep(Duration.ofSeconds(10));
        assertThat(problems()).isEmpty();
    }

    @Test
    void aHostThatBootsBringsItsMemberBack() {
        machine("etcd1").powerCut(Duration.ofSeconds(20));
        ports.clock().sleep(Duration.ofSeconds(5));
        assertThat(problems()).anyMatch(problem -> problem.contains("etcd1"));

        ports.clock().sleep(Duration.ofMinutes(1));

        assertThat(problems()).isEmpty();
    }

    /** Two attempts that waited for each other's clock and world stood for good. */
    @Test
    void aJobGoesOnWithoutTheClockOfWhoeverStartedIt() throws InterruptedException {
        Ports other = steps.cluster().connect().ports();
        Thread starts = thread(() -> steps.commands().job("etcd1", "a/b", "etcdutl version"));
        while (!other.hosts().on(new NodeName("etcd1")).hasJob("a/b")) {
            Thread.onSpinWait();
        }
        synchronized (ports.clock()) {
            Thread goesOn = thread(() -> other.clock().sleep(Duration.ofMinutes(5)));
            goesOn.join(Duration.ofSeconds(20).toMillis());
            assertThat(goesOn.isAlive()).isFalse();
        }
        starts.join(Duration.ofSeconds(20).toMillis());
        assertThat(starts.isAlive()).isFalse();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "attempt");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void check() {
        steps.run(Calls.back("restore.check", null), Map.of("set", SET, "snapshot", sha256()));
    }

    private void snapshot() {
        steps.run("backup.etcd", Map.of());
        steps.run("backup.files", Map.of());
    }

    private void setting(String member, String before, String after) {
        String text = machine(member).files().text(EtcdService.SETTINGS).orElseThrow();
        machine(member).files().write(EtcdService.SETTINGS, text.replace(before, after), FileAttributes.ROOT_READABLE);
        restart(member);
    }

    private void restart(String member) {
        steps.commands().run(member, "systemctl stop etcd.service");
        steps.commands().run(member, "systemctl start --no-block etcd.service");
        ports.clock().sleep(Duration.ofSeconds(10));
    }

    private String page() {
        steps.run("backup.page", Map.of());
        return text(SET + "restore-by-hand.md");
    }

    private String text(String path) {
        return new String(ports.evidence().read(path).orElseThrow(), StandardCharsets.UTF_8);
    }

    private void node(String uses, String node, Map<String, Object> with) {
        steps.run(Calls.back(uses, node), with);
    }

    private List<String> problems() {
        return EtcdPicture.take(ports.etcd()).problems(ports.inventory().etcdMembers());
    }

    private String clusterId() {
        return ports.etcd().status(ports.etcd().members().get(0)).clusterId();
    }

    private String sha256() {
        return ports.evidence().list(SET + "etcd-snapshot.db").get(0).sha256();
    }

    private Machine machine(String name) {
        return steps.cluster().world().machine(new NodeName(name));
    }

    private static String configMap(String name) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: default}\ndata: {a: b}\n"
                .formatted(name);
    }
}
