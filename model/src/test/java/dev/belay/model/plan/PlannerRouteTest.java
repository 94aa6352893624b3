package dev.belay.model.plan;

import static dev.belay.model.plan.Fixtures.node;
import static dev.belay.model.plan.Fixtures.v;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.ClusterFacts.EtcdMemberFacts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans for clusters that an earlier climb left between two versions, or whose etcd does not rise with them. */
class PlannerRouteTest extends PlannerCase {

    @ParameterizedTest
    @ValueSource(strings = {"v1.33.13", "v1.32.13", "v1.31.14", "v1.34.2"})
    void finishesAClimbThatEndedBetweenControlPlaneAndWorkers(String left) {
        controlPlane = v("v1.34.4");
        seen = new ArrayList<>(withVersion("v1.34.4"));
        seen.set(4, node("w2@b", left));
        etcd = members("3.6.16", "cp1", "cp2", "cp3");

        PlanResult result = result();

        assertThat(result.blockers()).isEmpty();
        assertThat(result.clear().hops()).containsExactly(new Hop(0, v(left), v("v1.34.4"), true, true, false));
        assertThat(result.clear().from()).isEqualTo(v(left));
    }

    @Test
    void bringsKubeletsUpToTheControlPlaneBeforeItGoesOn() {
        seen = new ArrayList<>(withVersion("v1.33.13"));
        seen.set(3, node("w1@a", "v1.32.13"));
        seen.set(4, node("w2@b", "v1.31.14"));

        assertThat(result().clear().hops())
                .containsExactly(
                        new Hop(0, v("v1.31.14"), v("v1.33.13"), true, false, false),
                        new Hop(1, v("v1.33.13"), v("v1.34.4"), false, true, true));
    }

    @Test
    void looksAtEtcdForTheHopThatRaisesItEvenBehindKubelets() {
        seen = new ArrayList<>(withVersion("v1.33.13"));
        seen.set(4, node("w2@b", "v1.32.13"));
        etcd = members("3.5.24", "cp1", "cp2", "cp3");

        assertThat(result().blockers()).extracting(Blocker::rule).contains("etcd-too-old-for-hop");
    }

    @Test
    void refusesToSkipMinorsWithAKubeadmThatCannot() {
        controlPlane = v("v1.28.15");
        target = "v1.28.15";
        seen = new ArrayList<>(withVersion("v1.28.15"));
        seen.set(4, node("w2@b", "v1.26.15"));

        assertThat(result().blockers()).extracting(Blocker::rule).contains("kubelets-left-behind");
    }

    @Test
    void goesOnWithAControlPlaneThatIsBetweenTwoMinors() {
        ahead = v("v1.34.4");

        assertThat(result().clear().hops()).containsExactly(new Hop(0, v("v1.33.13"), v("v1.34.4"), true, true, true));
        target = "v1.35.2";
        assertThat(result().plan().hops()).extracting(Hop::to).containsExactly(v("v1.34.4"), v("v1.35.2"));
        target = "v1.34.9";
        assertThat(result().plan().hops()).extracting(Hop::to).containsExactly(v("v1.34.4"), v("v1.34.9"));
    }

    @Test
    void asksBeforeTheLastMemberThatStillRaisesEtcdWhicheverControlPlanesAreNew() {
        ahead = v("v1.34.4");
        etcd = List.of(
                new EtcdMemberFacts("cp1", "3.5.35"),
                new EtcdMemberFacts("cp2", "3.6.5"),
                new EtcdMemberFacts("cp3", "3.6.5"));

        Plan plan = result().plan();

        assertThat(plan.hops().get(0).raisesEtcdMinor()).isTrue();
        assertThat(plan.cluster().nodes())
                .extracting(node -> node.name().value())
                .containsExactly("cp2", "cp3", "cp1", "w1", "w2");
    }

    @Test
    void asksTooWhereAMemberIsBehindWhatItsControlPlaneShips() {
        controlPlane = v("v1.34.1");
        seen = withVersion("v1.34.1");
        etcd = members("3.5.35", "cp1", "cp2", "cp3");
        assertThat(result().plan().hops()).extracting(Hop::raisesEtcdMinor).containsExactly(true);

        etcd = members("3.6.5", "cp1", "cp2", "cp3");
        assertThat(result().plan().hops()).extracting(Hop::raisesEtcdMinor).containsExactly(false);
    }

    @Test
    void takesNoApiServerBack() {
        ahead = v("v1.34.4");
        target = "v1.34.2";

        assertThat(result().blockers()).extracting(Blocker::rule).containsExactly("target-older");
    }

    @Test
    void refusesApiServersThatAreTwoMinorsApart() {
        controlPlane = v("v1.32.13");
        seen = withVersion("v1.32.13");
        ahead = v("v1.34.4");

        assertThat(result().blockers()).extracting(Blocker::rule).containsExactly("skew-api-servers");
    }

    @Test
    void refusesATargetThatEveryNodeHasReached() {
        controlPlane = v("v1.34.4");
        seen = withVersion("v1.34.4");
        etcd = members("3.6.16", "cp1", "cp2", "cp3");

        assertThat(result().blockers()).extracting(Blocker::rule).containsExactly("target-equal");
    }

    @Test
    void anExternalEtcdIsLookedAtAndNotRaised() {
        etcdHosts = List.of(new NodeName("etcd1"), new NodeName("etcd2"));
        etcd = members("3.5.35", "etcd1", "etcd2");

        Plan plan = result().clear();

        assertThat(plan.hops()).singleElement().matches(hop -> !hop.raisesEtcdMinor());

        etcd = members("3.5.15", "etcd1", "etcd9");
        assertThat(result().blockers()).extracting(Blocker::rule).containsExactly("etcd-members");
        assertThat(result().warnings()).extracting(Blocker::rule).contains("external-etcd-old");
    }
}
