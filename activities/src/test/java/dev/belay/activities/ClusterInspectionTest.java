package dev.belay.activities;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.belay.activities.fake.FakeWorld;
import dev.belay.activities.fake.TestAuthority;
import dev.belay.activities.kube.KubeNode;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Blocker;
import dev.belay.model.plan.ClusterFacts;
import dev.belay.model.plan.ClusterFacts.EtcdMemberFacts;
import dev.belay.model.plan.NodeFacts;
import dev.belay.model.run.FailureKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterInspectionTest {

    private static final String CA = "/etc/kubernetes/pki/ca.crt";
    private static final TestAuthority AUTHORITY = new TestAuthority();

    private final FakeWorld world = new FakeWorld();

    @BeforeEach
    void oneCluster() {
        world.kube.configMaps.put("kube-system/kube-root-ca.crt", Map.of("ca.crt", AUTHORITY.authority()));
        world.host("cp1").file(CA, AUTHORITY.authority());
        world.host("cp2").file(CA, AUTHORITY.authority());
    }

    @Test
    void factsAreWhatApiServersKubeletsAndMembersSay() {
        world.kube.apiServer("cp2", "v1.32.9");

        ClusterInspection seen = ClusterInspection.of(world);

        ClusterFacts facts = seen.facts();
        assertThat(facts.uid()).isEqualTo("uid-1");
        assertThat(facts.controlPlane()).hasToString("v1.32.9");
        assertThat(facts.etcd())
                .containsExactly(new EtcdMemberFacts("cp1", "3.5.35"), new EtcdMemberFacts("cp2", "3.5.35"));
        assertThat(facts.nodes()).extracting(node -> node.name().value()).containsExactly("cp1", "cp2", "w1");
        assertThat(facts.nodes(NodeRole.CONTROL_PLANE)).hasSize(2);
        assertThat(seen.blockers()).isEmpty();
        assertThat(world.effects).isEmpty();
    }

    @Test
    void anExternalEtcdThatTheInventoryDoesNotKnowStandsInTheWay() {
        world.kube.configMaps.put(
                "kube-system/kubeadm-config",
                Map.of("ClusterConfiguration", "etcd: {external: {endpoints: ['https://10.0.0.1:2379']}}\n"));

        assertThat(ClusterInspection.of(world).blockers())
                .extracting(Blocker::rule, Blocker::object)
                .containsExactly(tuple("etcd-topology", "lab"));
    }

    @Test
    void whereTheInventoryNamesNoZoneTheLabelDoes() {
        KubeNode w1 = world.kube.nodes.get(new NodeName("w1"));
        world.kube.node(new KubeNode(
                w1.name(),
                false,
                w1.kubelet(),
                false,
                false,
                "",
                w1.internalIp(),
                w1.runtime(),
                Map.of("topology.kubernetes.io/zone", "east"),
                Map.of()));

        assertThat(ClusterInspection.read(world).nodes(NodeRole.WORKER))
                .containsExactly(new NodeFacts(w1.name(), NodeRole.WORKER, w1.kubelet(), "east", false, false));
    }

    @Test
    void hostsOfAnotherClusterAreNamedOneByOne() {
        world.host("cp2").file(CA, new TestAuthority().authority());

        assertThat(ClusterInspection.of(world).blockers()).singleElement().satisfies(blocker -> {
            assertThat(blocker.rule()).isEqualTo("other-cluster");
            assertThat(blocker.object()).isEqualTo("cp2");
            assertThat(blocker.why()).contains(CA, "file:/k");
        });
    }

    @Test
    void aHostThatCannotBeReachedStopsNothingElseFromBeingSeen() {
        world.host("cp1").dead = true;
        world.etcd.statuses.remove("cp1");

        ClusterInspection seen = ClusterInspection.of(world);

        assertThat(seen.blockers())
                .extracting(Blocker::rule, Blocker::object)
                .containsExactly(tuple("host-access", "cp1"), tuple("etcd-unreachable", "cp1"));
        assertThat(seen.facts().etcd())
                .containsExactly(new EtcdMemberFacts("cp1", ""), new EtcdMemberFacts("cp2", "3.5.35"));
    }

    @Test
    void withoutAnApiThereAreNoFacts() {
        world.kube.unavailable = 1;

        failsWith(FailureKind.TRANSIENT, "API_UNAVAILABLE", () -> ClusterInspection.of(world));
    }

    @Test
    void maintenanceOfASilentApiRestsOnManifestsAndPackages() {
        world.kube.unavailable = 1;
        apiServerManifest("cp1", "v1.33.13");
        apiServerManifest("cp2", "v1.34.4");
        List.of("cp1", "cp2").forEach(name -> kubelet(name, "1.33.13-1.1"));
        world.host("w1").dead = true;

        ClusterInspection seen = ClusterInspection.evenOfSilentApi(world);

        assertThat(seen.facts().uid()).isEmpty();
        assertThat(seen.facts().controlPlane()).hasToString("v1.33.13");
        assertThat(seen.facts().ahead()).hasToString("v1.34.4");
        assertThat(seen.facts().nodes())
                .extracting(node -> node.name().value(), node -> node.version().toString(), NodeFacts::ready)
                .containsExactly(
                        tuple("cp1", "v1.33.13", false),
                        tuple("cp2", "v1.33.13", false),
                        tuple("w1", "v1.33.13", false));
        assertThat(seen.blockers()).allMatch(ClusterInspection::isSilence);
        assertThat(seen.blockers())
                .extracting(Blocker::rule, Blocker::object)
                .containsExactly(tuple("api-silent", "lab"), tuple("host-access", "w1"));
        assertThat(world.effects).isEmpty();
    }

    @Test
    void whereNoControlPlaneSaysItsVersionTheApisOwnFailureIsTold() {
        world.kube.unavailable = 1;

        failsWith(FailureKind.TRANSIENT, "API_UNAVAILABLE", () -> ClusterInspection.evenOfSilentApi(world));
    }

    private void apiServerManifest(String node, String version) {
        world.host(node).file("/etc/kubernetes/manifests/kube-apiserver.yaml", """
                metadata: {labels: {component: kube-apiserver}}
                spec: {containers: [{image: "registry.k8s.io/kube-apiserver:%s"}]}
                """.formatted(version));
    }

    private void kubelet(String node, String version) {
        world.host(node).says("dpkg-query -W -f ${Version} kubelet", version);
    }

    @Test
    void whatThePlannerSaysTooIsSaidOnce() {
        Blocker seen = new Blocker("etcd-unreachable", "cp1", "connection refused", "look at the pod");
        Blocker planned = new Blocker("etcd-unreachable", "cp1", "it gave no answer", "look");
        Blocker another = new Blocker("node-not-ready", "w1", "it is not Ready", "look");
        ClusterInspection inspection = new ClusterInspection(ClusterInspection.read(world), List.of(seen));

        assertThat(inspection.with(List.of(planned, another))).containsExactly(seen, another);
    }

    @Test
    void aHostThatCannotBeReachedExplainsTheSilenceOfItsEtcd() {
        world.host("cp1").dead = true;
        world.etcd.statuses.remove("cp1");
        ClusterInspection seen = ClusterInspection.of(world);

        assertThat(seen.with(List.of(new Blocker("etcd-unreachable", "cp1", "it gave no answer", "look"))))
                .extracting(Blocker::rule, Blocker::object)
                .containsExactly(tuple("host-access", "cp1"));
    }

    @Test
    void whatIsTheSameForSeveralHostsIsSaidOnce() {
        List<Blocker> keys = List.of(
                new Blocker("host-access", "cp1", "file:/k is not a file", "check the path"),
                new Blocker("host-access", "cp2", "file:/k is not a file", "check the path"),
                new Blocker("host-access", "cp3", "no route", "check the path"));
        ClusterInspection inspection = new ClusterInspection(ClusterInspection.read(world), keys);

        assertThat(inspection.with(List.of())).extracting(Blocker::object).containsExactly("cp1, cp2", "cp3");
    }

    @Test
    void anApiServerThatIsAheadIsAFact() {
        world.kube.apiServer("cp1", "v1.34.4");

        ClusterFacts facts = ClusterInspection.read(world);

        assertThat(facts.controlPlane()).hasToString("v1.33.13");
        assertThat(facts.ahead()).hasToString("v1.34.4");
    }
}
