package dev.belay.twin;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Done;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.steps.StaticPodProcesses;
import dev.belay.activities.steps.StaticPodRestart;
import dev.belay.activities.steps.staticpods.RestartStaticPods;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Static pods restarted by their manifests: what, in which order, and when not. */
class RestartStaticPodsTest {

    private static final String MANIFESTS = "/etc/kubernetes/manifests/";
    private static final String SHELF = "/etc/kubernetes/.belay-" + Steps.RUN + "-";

    private final Steps steps = Steps.on(ClusterShape.standard(KubernetesVersion.parse("v1.33.13")));

    @Test
    void whatRunsWithItsFilesAsTheyAreIsLeftAlone() {
        Map<String, String> before = containers("cp1");

        assertThat(restart("cp1").state()).isEqualTo(StepState.ALREADY_DONE);

        assertThat(containers("cp1")).isEqualTo(before);
        assertThat(steps.effectsOf("cp1")).isEmpty();
    }

    @Test
    void aNewCertificateRestartsTheComponentThatIsGivenItAndNoOther() {
        Map<String, String> before = containers("cp1");
        rewrite("cp1", "/etc/kubernetes/pki/front-proxy-client.crt");
        rewrite("cp1", "/etc/kubernetes/pki/apiserver.crt");
        assertThat(containers("cp1")).as("a new file alone restarts nothing").isEqualTo(before);

        Done<RestartStaticPods.Output> done = restart("cp1");

        Map<String, String> after = containers("cp1");
        assertThat(done.output().restarted())
                .containsExactly("kube-apiserver " + after.get("kube-apiserver").substring(0, 12));
        assertThat(after.get("kube-apiserver")).isNotEqualTo(before.get("kube-apiserver"));
        after.remove("kube-apiserver");
        assertThat(before).containsAllEntriesOf(after);
    }

    @Test
    void allOfThemGoOutAndComeBackInTheOrderOfTheirDependence() {
        touchEverything("cp2");

        restart("cp2");

        assertThat(moves("cp2"))
                .containsExactly(
                        "move " + MANIFESTS + "etcd.yaml to " + SHELF + "etcd.yaml",
                        "move " + SHELF + "etcd.yaml to " + MANIFESTS + "etcd.yaml",
                        "move " + MANIFESTS + "kube-apiserver.yaml to " + SHELF + "kube-apiserver.yaml",
                        "move " + SHELF + "kube-apiserver.yaml to " + MANIFESTS + "kube-apiserver.yaml",
                        "move " + MANIFESTS + "kube-controller-manager.yaml to " + SHELF
                                + "kube-controller-manager.yaml",
                        "move " + SHELF + "kube-controller-manager.yaml to " + MANIFESTS
                                + "kube-controller-manager.yaml",
                        "move " + MANIFESTS + "kube-scheduler.yaml to " + SHELF + "kube-scheduler.yaml",
                        "move " + SHELF + "kube-scheduler.yaml to " + MANIFESTS + "kube-scheduler.yaml");
        assertThat(restart("cp2").state()).isEqualTo(StepState.ALREADY_DONE);
    }

    @Test
    void etcdIsNotTakenOutWhenTheOthersAreNoQuorum() {
        steps.commands().host("cp3").move(MANIFESTS + "etcd.yaml", "/etc/kubernetes/etcd.yaml");
        steps.ports().clock().sleep(Duration.ofSeconds(30));
        touchEverything("cp1");
        Map<String, String> before = containers("cp1");

        failsWith(FailureKind.PRECONDITION, "ETCD_QUORUM", () -> restart("cp1"));

        assertThat(containers("cp1")).isEqualTo(before);
        assertThat(moves("cp1")).isEmpty();
    }

    @Test
    void oneMemberAloneIsRestarted() {
        Steps small = Steps.on(ClusterShape.small(KubernetesVersion.parse("v1.33.13")));
        touch(small, "cp1", "/etc/kubernetes/pki/etcd/server.crt");

        Done<RestartStaticPods.Output> done = small.run("staticPods.restart", "cp1", Map.of());

        assertThat(done.output().restarted()).singleElement().asString().startsWith("etcd ");
    }

    @Test
    void whatAnAttemptThatWasKilledLeftOutComesBack() {
        steps.commands().host("cp1").move(MANIFESTS + "etcd.yaml", SHELF + "etcd.yaml");
        steps.ports().clock().sleep(Duration.ofSeconds(30));
        assertThat(containers("cp1")).doesNotContainKey("etcd");

        Done<RestartStaticPods.Output> done = restart("cp1");

        assertThat(done.output().restarted()).singleElement().asString().startsWith("etcd ");
        assertThat(containers("cp1")).containsKey("etcd");
        assertThat(steps.commands().host("cp1").list(List.of(SHELF + "etcd.yaml")))
                .isEmpty();
    }

    private Done<RestartStaticPods.Output> restart(String node) {
        return steps.run("staticPods.restart", node, Map.of());
    }

    private void touchEverything(String node) {
        List.of("pki/etcd/peer.crt", "pki/ca.crt", "controller-manager.conf", "scheduler.conf", "pki/etcd/ca.crt")
                .forEach(file -> rewrite(node, "/etc/kubernetes/" + file));
    }

    private void rewrite(String node, String path) {
        touch(steps, node, path);
    }

    private static void touch(Steps steps, String node, String path) {
        steps.ports().clock().sleep(Duration.ofSeconds(5));
        byte[] content = steps.commands().host(node).read(path).orElseThrow();
        steps.commands().host(node).write(path, content, FileAttributes.ROOT_ONLY);
    }

    private List<String> moves(String node) {
        return steps.effectsOf(node).stream()
                .filter(effect -> effect.contains(": move "))
                .map(effect -> effect.substring(effect.indexOf("move ")))
                .toList();
    }

    private Map<String, String> containers(String node) {
        StaticPodProcesses processes = StaticPodProcesses.of(steps.commands().host(node));
        Map<String, String> containers = new TreeMap<>();
        for (String component : StaticPodRestart.ORDER) {
            processes.running(component).ifPresent(running -> containers.put(component, running.container()));
        }
        return containers;
    }
}
