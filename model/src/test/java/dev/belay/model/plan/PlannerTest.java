package dev.belay.model.plan;

import static dev.belay.model.plan.Fixtures.inventory;
import static dev.belay.model.plan.Fixtures.node;
import static dev.belay.model.plan.Fixtures.nodes;
import static dev.belay.model.plan.Fixtures.signature;
import static dev.belay.model.plan.Fixtures.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KnownBad;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.ClusterFacts.EtcdMemberFacts;
import dev.belay.model.runbook.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerTest extends PlannerCase {

    @Test
    void plansAClimbThatNothingStops() {
        PlanResult result = result();

        assertThat(result.blockers()).isEmpty();
        Plan plan = result.clear();
        assertThat(plan.from()).isEqualTo(v("v1.33.13"));
        assertThat(plan.to()).isEqualTo(v("v1.34.4"));
        assertThat(plan.hops()).containsExactly(new Hop(0, v("v1.33.13"), v("v1.34.4"), true, true, true));
        assertThat(plan.inputs()).isEqualTo(Map.of("soak", "30s", "window", "2"));
        assertThat(plan.signatures()).containsOnlyKeys("act", "check");
        assertThat(plan.ignorePreflightErrors()).isEqualTo(inventory.ignorePreflightErrors());
    }

    @Test
    void sealsAllOfItWithOneDigest() {
        Plan plan = result().clear();

        assertThat(plan.digest()).matches("sha256:[0-9a-f]{64}").isEqualTo(Planner.digest(plan));
        assertThat(result().clear()).isEqualTo(plan);
        assertThat(plan.runbookDigest()).isEqualTo(CanonicalJson.digest(plan.runbook()));
        assertThat(plan.inventoryDigest()).isEqualTo(CanonicalJson.digest(inventory));
    }

    @Test
    void changesTheDigestWithEverythingThatIsAgreedOn() {
        String before = result().clear().digest();

        set = Map.of("window", "3");
        String otherInput = result().clear().digest();
        inventory = inventory("cp1", "cp2", "cp3", "w1@a", "w2@c");
        String otherInventory = result().clear().digest();
        etcd = members("3.5.36", "cp1", "cp2", "cp3");
        String otherFacts = result().clear().digest();

        assertThat(List.of(before, otherInput, otherInventory, otherFacts)).doesNotHaveDuplicates();
    }

    @Test
    void readsBackFromJsonAsTheSamePlan() throws Exception {
        Plan plan = result().clear();

        Plan read = Json.mapper().readValue(Json.mapper().writeValueAsBytes(plan), Plan.class);

        assertThat(read).isEqualTo(plan);
        assertThat(Planner.digest(read)).isEqualTo(plan.digest());
    }

    @Test
    void maintenanceGoesThroughItsPhasesOnceAndIsNotStoppedByWhatItMayMend() {
        purpose = Purpose.MAINTENANCE;
        target = "";
        etcd = members("", "cp1", "cp2", "cp3");
        seen = List.of(NODES.get(0), NODES.get(1), NODES.get(2), NODES.get(3), notReady(NODES.get(4)));

        PlanResult result = result();

        Plan plan = result.clear();
        assertThat(plan.hops()).containsExactly(Hop.standing(v("v1.33.13")));
        assertThat(plan.changesVersions()).isFalse();
        assertThat(result.warnings())
                .extracting(Blocker::rule, Blocker::object)
                .contains(tuple("node-not-ready", "w2"));
    }

    @Test
    void maintenanceIsStoppedByANodeThatTheInventoryDoesNotKnow() {
        purpose = Purpose.MAINTENANCE;
        inventory = inventory("cp1", "cp2", "cp3", "w1@a");

        assertThat(result().blockers())
                .extracting(Blocker::rule, Blocker::object)
                .containsExactly(tuple("node-not-in-inventory", "w2"));
    }

    @Test
    void whatTakesARunBackIsStartedThroughThatRun() {
        purpose = Purpose.ROLLBACK;

        assertThat(result().blockers()).extracting(Blocker::rule).containsExactly("runbook-takes-back");
    }

    private static NodeFacts notReady(NodeFacts node) {
        return new NodeFacts(node.name(), node.role(), node.version(), node.zone(), true, false);
    }

    @Test
    void putsNodesInTheOrderOfTheInventoryControlPlanesFirst() {
        inventory = inventory("w2@b", "cp3", "cp1", "w1@a", "cp2");
        seen = nodes("w1", "cp1", "w2", "cp2", "cp3");

        assertThat(result().clear().cluster().nodes())
                .extracting(node -> node.name() + " " + node.zone())
                .containsExactly("cp3 ", "cp1 ", "cp2 ", "w2 b", "w1 a");
    }

    @Test
    void takesWhatTheRepositoriesOfferOnTheWay() {
        controlPlane = v("v1.31.14");
        seen = withVersion("v1.31.14");
        offers = offers("v1.32.3 v1.32.4 v1.32.0", "v1.33.5 v1.33.13 v1.33.14", "v1.34.4 v1.34.9", "v1.29.0");
        via = List.of("v1.33.13");

        assertThat(result().clear().hops())
                .extracting(Hop::to)
                .containsExactly(v("v1.32.4"), v("v1.33.13"), v("v1.34.4"));
        assertThat(result().warnings()).extracting(Blocker::rule).doesNotContain("version-unverified");
    }

    @Test
    void asksTheRepositoriesOfTheMinorsItGoesThrough() {
        controlPlane = v("v1.31.14");
        seen = withVersion("v1.31.14");

        assertThat(Planner.minors(request())).containsExactly("1.32", "1.33", "1.34");
        target = "v1.31.14";
        assertThat(Planner.minors(request())).isEmpty();
    }

    @Test
    void neverTakesAPatchThatIsKnownToDoHarm() {
        KnownBad bad = KnownBad.all().stream()
                .filter(row -> row.blocks() && row.component() == KnownBad.Component.KUBERNETES)
                .findFirst()
                .orElseThrow();
        KubernetesVersion harmful = v(bad.to());
        KubernetesVersion before = new KubernetesVersion(1, harmful.minor() - 1, 40);
        controlPlane = before;
        seen = withVersion(before.toString());
        target = new KubernetesVersion(1, harmful.minor() + 1, 0).toString();

        offers = offers(bad.from() + " " + bad.to());
        assertThat(result().blockers())
                .filteredOn(blocker -> blocker.rule().equals("version-not-chosen"))
                .singleElement()
                .satisfies(blocker -> assertThat(blocker.why()).contains(bad.to(), "must not be used"));
        KubernetesVersion good = new KubernetesVersion(1, harmful.minor(), harmful.patch() + 1);
        offers = offers(bad.to() + " " + good);
        assertThat(result().plan().hops()).extracting(Hop::to).contains(good);
    }

    @Test
    void namesViaWhenARepositoryGivesNoAnswer() {
        controlPlane = v("v1.32.13");
        seen = withVersion("v1.32.13");
        offers = new Offers(Map.of("1.34", List.of(v("v1.34.4"))), Map.of("1.33", "http://r/1.33/ gave no answer"));

        assertThat(result().blockers()).singleElement().satisfies(blocker -> {
            assertThat(blocker.rule() + " " + blocker.object()).isEqualTo("version-not-chosen 1.33");
            assertThat(blocker.why()).contains("http://r/1.33/ gave no answer");
            assertThat(blocker.remedy()).contains("--via v1.33.");
        });
        via = List.of("v1.33.13");
        assertThat(result().blockers()).isEmpty();
        assertThat(result().warnings())
                .extracting(Blocker::rule, Blocker::object)
                .contains(tuple("version-unverified", "v1.33.13"));
    }

    @Test
    void refusesAVersionThatNoRepositoryHas() {
        controlPlane = v("v1.32.13");
        seen = withVersion("v1.32.13");
        offers = new Offers(Map.of("1.33", List.of(), "1.34", List.of(v("v1.34.2"), v("v1.34.3"))), Map.of());
        via = List.of("v1.33.13");

        assertThat(result().blockers())
                .extracting(blocker -> blocker.rule() + " " + blocker.object())
                .containsExactly("version-not-offered v1.33.13", "version-not-offered v1.34.4");
        assertThat(result().blockers().get(1).remedy()).contains("choose v1.34.3");
    }

    @Test
    void saysEverythingThatStopsItAtOnce() {
        inventory = inventory("cp1", "cp2", "w1@a", "w9@a");
        seen = new ArrayList<>(NODES);
        seen.set(3, new NodeFacts(new NodeName("w1"), NodeRole.CONTROL_PLANE, v("v1.33.13"), "", true, false));
        seen.set(4, node("w2", "v1.29.15"));
        etcd = members("3.5.2", "cp1", "cp2");
        target = "v1.33.1";
        set = Map.of("soak", "soon", "colour", "red");
        signatures = Map.of("check", signature("check", false, false, "PT5S"));

        PlanResult result = result();

        assertThat(result.plan().hops()).isEmpty();
        assertThat(Expansion.steps(result.plan())).isEmpty();
        assertThat(result.blockers())
                .extracting(blocker -> blocker.rule() + " " + blocker.object())
                .containsExactlyInAnyOrder(
                        "target-older v1.33.1",
                        "node-not-in-inventory cp3",
                        "role-mismatch w1",
                        "node-not-ready w1",
                        "node-not-in-inventory w2",
                        "skew-kubelet-older w2",
                        "host-not-in-cluster w9",
                        "etcd-members cp1, cp2",
                        "etcd-known-bad cp1",
                        "etcd-known-bad cp2",
                        "input-type soak",
                        "input-missing window",
                        "input-unknown colour",
                        "step-type-unknown act");
        assertThat(result.blockers()).allSatisfy(blocker -> {
            assertThat(blocker.why()).isNotBlank();
            assertThat(blocker.remedy()).isNotBlank();
        });
        assertThatThrownBy(result::clear).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void hasNoPlanForATargetThatCannotBeRead() {
        target = "v1.34.4; reboot";

        assertThat(result().plan()).isNull();
        assertThat(result().blockers()).extracting(Blocker::rule).containsExactly("target-unreadable");
    }

    @Test
    void showsTheStepsEvenWhenAnInputIsMissing() {
        set = Map.of();

        PlanResult result = result();

        assertThat(result.blockers()).extracting(Blocker::rule).containsExactly("input-missing");
        assertThat(Expansion.steps(result.plan())).hasSize(3);
    }

    @Test
    void showsThePlanEvenWhenANodeBlocksIt() {
        seen = new ArrayList<>(NODES);
        seen.set(4, new NodeFacts(new NodeName("w2"), NodeRole.WORKER, v("v1.33.13"), "", true, false));

        PlanResult result = result();

        assertThat(result.plan()).isNotNull();
        assertThat(result.blockers()).extracting(Blocker::rule).containsExactly("node-not-ready");
    }

    @Test
    void refusesANodeSeenTwice() {
        seen = new ArrayList<>(NODES);
        seen.add(NODES.get(4));

        assertThat(result().blockers()).extracting(Blocker::rule).containsExactly("node-twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1.29.15", "v1.28.15"})
    void refusesAKubeletThatIsTooOldForTheApiServers(String version) {
        seen = new ArrayList<>(NODES);
        seen.set(4, node("w2", version));

        assertThat(result().blockers())
                .extracting(blocker -> blocker.rule() + " " + blocker.object())
                .containsExactly("skew-kubelet-older w2");
    }

    @ParameterizedTest
    @CsvSource({
        "v1.33.13, v1.34.4, 3.5.24, true",
        "v1.33.13, v1.34.4, 3.5.26, false",
        "v1.33.13, v1.34.4, 3.6.5, false",
        "v1.32.13, v1.34.4, 3.5.24, false",
        "v1.36.5, v1.37.1, 3.6.8, false"
    })
    void refusesAnEtcdThatItsNextMinorWouldNotTakeOver(String from, String to, String version, boolean blocked) {
        controlPlane = v(from);
        seen = withVersion(from);
        target = to;
        etcd = members(version, "cp1", "cp2", "cp3");

        assertThat(result().blockers().stream()
                        .anyMatch(blocker -> blocker.rule().equals("etcd-too-old-for-hop")))
                .isEqualTo(blocked);
    }

    @Test
    void tellsAnAcceptedFindingWithItsOwnerAndIsNotStoppedByIt() {
        etcd = members("3.5.24", "cp1", "cp2", "cp3");
        String before = CanonicalJson.digest(inventory);
        inventory = accepting(inventory, new Acceptance("etcd-too-old-for-hop", "the fix was carried back", "jo"));

        assertThat(result().blockers()).extracting(Blocker::rule).doesNotContain("etcd-too-old-for-hop");
        assertThat(result().warnings())
                .filteredOn(warning -> warning.why().endsWith("; accepted by jo: the fix was carried back"))
                .extracting(warning -> warning.rule() + " " + warning.object())
                .containsExactly("etcd-too-old-for-hop cp1", "etcd-too-old-for-hop cp2", "etcd-too-old-for-hop cp3");
        assertThat(result().plan().inventoryDigest())
                .as("an approval is for it too")
                .isNotEqualTo(before);
    }

    private static Cluster accepting(Cluster cluster, Acceptance acceptance) {
        return new Cluster(
                cluster.name(),
                cluster.site(),
                cluster.kubeconfig(),
                cluster.ssh(),
                cluster.hosts(),
                cluster.packages(),
                cluster.backups(),
                cluster.ignorePreflightErrors(),
                List.of(acceptance));
    }

    @Test
    void warnsOfAnEtcdOutsideTheGuide() {
        etcd = members("3.5.30", "cp1", "cp2", "cp3");

        assertThat(result().blockers()).isEmpty();
        assertThat(result().warnings()).extracting(Blocker::rule).contains("etcd-too-old-for-hop", "etcd-known-bad");
    }

    @Test
    void refusesAnEtcdVersionThatCannotBeRead() {
        etcd = List.of(
                new EtcdMemberFacts("cp1", "3.5.35"),
                new EtcdMemberFacts("cp2", "unknown"),
                new EtcdMemberFacts("cp3", "3.5.35"));

        assertThat(result().blockers()).extracting(Blocker::rule).containsExactly("etcd-version-unreadable");
    }

    @Test
    void refusesAClusterWhoseEtcdIsElsewhere() {
        etcd = List.of();

        assertThat(result().blockers()).extracting(Blocker::rule).containsExactly("etcd-members");
    }

    @Test
    void warnsOfWhatAPersonShouldKnow() {
        inventory = inventory("cp1", "w1");
        seen = List.of(
                node("cp1", "v1.34.0"),
                new NodeFacts(new NodeName("w1"), NodeRole.WORKER, v("v1.34.0"), "", false, true));
        controlPlane = v("v1.34.0");
        etcd = members("3.6.14", "cp1");

        assertThat(result().blockers()).isEmpty();
        assertThat(result().warnings())
                .extracting(Blocker::rule)
                .contains("one-control-plane", "node-cordoned", "version-known-bad");
    }

    @Test
    void saysOnceThatAMemberOfEtcdGaveNoAnswer() {
        etcd = List.of(
                new EtcdMemberFacts("cp1", "3.5.35"),
                new EtcdMemberFacts("cp2", ""),
                new EtcdMemberFacts("cp3", "3.5.35"));

        assertThat(result().blockers())
                .extracting(Blocker::rule, Blocker::object)
                .containsExactly(tuple("etcd-unreachable", "cp2"));
    }
}
