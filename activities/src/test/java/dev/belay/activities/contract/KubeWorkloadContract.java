package dev.belay.activities.contract;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.StepClock;
import dev.belay.activities.kube.DisruptionBudget;
import dev.belay.activities.kube.Eviction;
import dev.belay.activities.kube.Eviction.Answer;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.kube.Workload;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Pods, evictions and workloads of every {@link KubeCluster}. The suite makes everything in one namespace of its own and takes it away.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class KubeWorkloadContract {

    protected static final String NAMESPACE = "belay-contract";

    static final String MARK = "belay-c0417ac7";
    static final String OTHER = "belay-07e407e4";
    static final String ANNOTATION = "belay.dev/cordoned-by";

    /** The same cluster for the whole class. */
    protected abstract KubeCluster kube();

    /** A ready control plane. */
    protected abstract NodeName controlPlane();

    /** A worker the suite may cordon, and put its own pods on. */
    protected abstract NodeName worker();

    /** The time of the cluster's world. */
    protected abstract StepClock clock();

    /** An image that sleeps for ever by itself. */
    protected String image() {
        return "registry.k8s.io/pause:3.10";
    }

    @BeforeAll
    void makeRoom() {
        kube().delete(namespace(), Duration.ofMinutes(2));
        kube().apply(namespace());
    }

    @AfterAll
    void leaveNoTrace() {
        kube().delete(namespace(), Duration.ofMinutes(2));
    }

    @AfterEach
    void giveBack() {
        kube().uncordon(worker(), MARK);
        kube().releaseLease(MARK);
        kube().releaseLease(OTHER);
    }

    protected final void await(String what, BooleanSupplier condition) {
        for (int look = 0; look < 120; look++) {
            if (condition.getAsBoolean()) {
                return;
            }
            clock().sleep(Duration.ofSeconds(1));
        }
        throw new AssertionError("waited two minutes in vain for " + what);
    }

    protected final void givenDeployment(String name, int replicas) {
        kube().apply(deployment(name, replicas));
        await(name + " to be available", () -> workloadNamed(name).available());
    }

    protected final List<KubePod> podsOf(String app) {
        return kube().pods(NAMESPACE, Map.of("app", app));
    }

    Workload workloadNamed(String name) {
        return kube().workloads().stream()
                .filter(workload -> workload.namespace().equals(NAMESPACE)
                        && workload.name().equals(name))
                .findFirst()
                .orElse(new Workload(NAMESPACE, "Deployment", name, 1, 0, 0, false));
    }

    DisruptionBudget budgetNamed(String name) {
        return kube().disruptionBudgets().stream()
                .filter(budget ->
                        budget.namespace().equals(NAMESPACE) && budget.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static KubePod podNamed(List<KubePod> pods, String name) {
        Optional<KubePod> pod =
                pods.stream().filter(each -> each.name().equals(name)).findFirst();
        return pod.orElseThrow(() -> new AssertionError("no pod " + name + " in " + pods));
    }

    static List<String> uids(List<KubePod> pods) {
        return pods.stream().map(KubePod::uid).toList();
    }

    static KubePod withUid(KubePod pod, String uid) {
        return new KubePod(
                pod.namespace(),
                pod.name(),
                uid,
                pod.node(),
                pod.owner(),
                pod.mirror(),
                pod.emptyDir(),
                pod.phase(),
                pod.ready(),
                pod.terminating(),
                pod.gracePeriod(),
                pod.labels(),
                pod.images(),
                pod.containerStarts());
    }

    @Test
    void halfADeploymentIsRefusedAndNothingIsThereAfterwards() {
        String half = """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: half, namespace: %s}
                spec: {replicas: 1}
                """.formatted(NAMESPACE);

        Failure failure = failsWith(FailureKind.PERMANENT, "API_REFUSED", () -> kube().apply(half));

        assertThat(failure.why()).contains("half", "spec.selector: Required value");
        assertThat(kube().workloads()).extracting(Workload::name).doesNotContain("half");
    }

    static String namespace() {
        return """
                apiVersion: v1
                kind: Namespace
                metadata: {name: %s}
                """.formatted(NAMESPACE);
    }

    String deployment(String name, int replicas) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  replicas: %3$d
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec:
                      nodeSelector: {kubernetes.io/hostname: %4$s}
                      terminationGracePeriodSeconds: 1
                      containers:
                        - {name: only, image: '%5$s'}
                """.formatted(name, NAMESPACE, replicas, worker(), image());
    }

    static String budget(String name, String app, int minAvailable) {
        return """
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata: {name: %s, namespace: %s}
                spec:
                  minAvailable: %d
                  selector: {matchLabels: {app: %s}}
                """.formatted(name, NAMESPACE, minAvailable, app);
    }

    @Test
    void staticPodsAreSeenAsMirrorsOnTheirNode() {
        List<KubePod> pods = kube().podsOn(controlPlane());

        assertThat(pods)
                .isSortedAccordingTo(Comparator.comparing(KubePod::namespace).thenComparing(KubePod::name));
        assertThat(pods).allSatisfy(pod -> assertThat(pod.node())
                .isEqualTo(controlPlane().value()));
        assertThat(podNamed(pods, "kube-apiserver-" + controlPlane())).satisfies(pod -> {
            assertThat(pod.mirror()).isTrue();
            assertThat(pod.ready()).isTrue();
            assertThat(pod.phase()).isEqualTo("Running");
            assertThat(pod.labels()).containsEntry("component", "kube-apiserver");
            assertThat(pod.images()).singleElement().asString().contains("/kube-apiserver:v");
            assertThat(pod.containerStarts()).hasSize(1);
        });
        assertThat(podNamed(pods, "etcd-" + controlPlane()).mirror()).isTrue();
    }

    @Test
    void podsOfAWorkloadCarryTheirOwnerAndLabels() {
        givenDeployment("seen", 2);

        List<KubePod> pods = podsOf("seen");

        assertThat(pods).hasSize(2).isSortedAccordingTo(Comparator.comparing(KubePod::name));
        assertThat(pods).allSatisfy(pod -> {
            assertThat(pod.ownedBy("ReplicaSet")).isTrue();
            assertThat(pod.mirror()).isFalse();
            assertThat(pod.node()).isEqualTo(worker().value());
            assertThat(pod.uid()).isNotBlank();
            assertThat(pod.ready()).isTrue();
            assertThat(pod.terminating()).isFalse();
            assertThat(pod.gracePeriod()).isEqualTo(Duration.ofSeconds(1));
        });
        assertThat(kube().podsOn(worker())).extracting(KubePod::uid).containsAll(uids(pods));
        assertThat(kube().pods(NAMESPACE, Map.of("app", "nobody"))).isEmpty();
        assertThat(kube().pods(NAMESPACE, Map.of())).extracting(KubePod::uid).containsAll(uids(pods));
    }

    @Test
    void anEvictedPodGoesAndAnotherComes() {
        givenDeployment("moved", 1);
        KubePod before = podsOf("moved").get(0);

        Eviction eviction = kube().evict(before);

        assertThat(eviction.answer()).isEqualTo(Answer.ACCEPTED);
        await("another pod", () -> podsOf("moved").stream()
                .anyMatch(pod -> pod.ready() && !pod.uid().equals(before.uid())));
        await("the first to be gone", () -> !uids(podsOf("moved")).contains(before.uid()));
        assertThat(kube().evict(before).answer()).isEqualTo(Answer.GONE);
    }

    @Test
    void aBudgetBlocksEvictionByNameAndThePodStays() {
        givenDeployment("guarded", 1);
        kube().apply(budget("guard", "guarded", 1));
        await("the budget to be counted", () -> budgetNamed("guard").desiredHealthy() == 1);
        KubePod pod = podsOf("guarded").get(0);

        Eviction eviction = kube().evict(pod);

        assertThat(eviction.answer()).isEqualTo(Answer.BLOCKED);
        assertThat(eviction.message()).contains("disruption budget", "guard");
        assertThat(podsOf("guarded"))
                .singleElement()
                .satisfies(now -> assertThat(now.uid()).isEqualTo(pod.uid()))
                .satisfies(now -> assertThat(now.terminating()).isFalse());
    }

    @Test
    void aBudgetWithRoomLetsOneGoAndBlocksTheNext() {
        givenDeployment("roomy", 2);
        kube().apply(budget("room", "roomy", 1));
        await("the budget to have room", () -> budgetNamed("room").disruptionsAllowed() == 1);
        List<KubePod> pods = podsOf("roomy");

        assertThat(kube().evict(pods.get(0)).answer()).isEqualTo(Answer.ACCEPTED);
        assertThat(kube().evict(pods.get(1)).answer()).isEqualTo(Answer.BLOCKED);

        await("the budget to have room again", () -> budgetNamed("room").disruptionsAllowed() == 1);
        assertThat(kube().evict(pods.get(1)).answer()).isEqualTo(Answer.ACCEPTED);
    }

    @Test
    void twoBudgetsOnOnePodAreAMisconfiguration() {
        givenDeployment("twice", 1);
        kube().apply(budget("twice-a", "twice", 0) + "---\n" + budget("twice-b", "twice", 0));
        KubePod pod = podsOf("twice").get(0);

        Eviction eviction = kube().evict(pod);

        assertThat(eviction.answer()).isEqualTo(Answer.MISCONFIGURED);
        assertThat(eviction.message()).contains("PodDisruptionBudget");
        assertThat(uids(podsOf("twice"))).containsExactly(pod.uid());
    }

    @Test
    void anEvictionMeansThisPodAndNoOtherOfItsName() {
        givenDeployment("exact", 1);
        KubePod pod = podsOf("exact").get(0);

        Eviction eviction = kube().evict(withUid(pod, "00000000-0000-4000-8000-000000000000"));

        assertThat(eviction.answer()).isEqualTo(Answer.CONFLICT);
        assertThat(uids(podsOf("exact"))).containsExactly(pod.uid());
    }

    @Test
    void budgetsAreListedWithWhatTheyAllow() {
        givenDeployment("counted", 2);
        kube().apply(budget("count", "counted", 2));

        await("the budget to be counted", () -> budgetNamed("count").desiredHealthy() == 2);

        assertThat(budgetNamed("count").disruptionsAllowed()).isZero();
        assertThat(budgetNamed("count").selector()).isEqualTo(Map.of("app", "counted"));
    }

    @Test
    void workloadsBecomeAvailableAndAreSorted() {
        givenDeployment("ours", 2);

        List<Workload> workloads = kube().workloads();

        assertThat(workloads)
                .isSortedAccordingTo(Comparator.comparing(Workload::namespace)
                        .thenComparing(Workload::kind)
                        .thenComparing(Workload::name));
        assertThat(workloads).contains(new Workload(NAMESPACE, "Deployment", "ours", 2, 2, 2, true));
        assertThat(workloads)
                .filteredOn(workload -> workload.namespace().equals("kube-system"))
                .extracting(Workload::kind)
                .contains("Deployment", "DaemonSet");
    }

    @Test
    void onACordonedWorkerAReplacementWaits() {
        givenDeployment("stuck", 1);
        KubePod before = podsOf("stuck").get(0);
        kube().cordon(worker(), MARK);

        kube().evict(before);

        await("a pod without a node", () -> podsOf("stuck").stream()
                .anyMatch(pod -> !pod.uid().equals(before.uid())
                        && pod.node().isEmpty()
                        && pod.phase().equals("Pending")));
        await("it to be short of a replica", () -> !workloadNamed("stuck").available());

        kube().uncordon(worker(), MARK);
        await("it to be available again", () -> workloadNamed("stuck").available());
    }

    @Test
    void anAnnotationOfThePodsRestartsThemAndLeavesTheRestOfTheWorkloadAsItIs() {
        givenDeployment("restarted", 2);
        List<String> before = uids(podsOf("restarted"));

        kube().apply(deployment("restarted", 2)
                .replace(
                        "metadata: {labels", "metadata: {annotations: {belay.dev/restarted-by: " + MARK + "}, labels"));

        await(
                "two other pods",
                () -> podsOf("restarted").size() == 2
                        && uids(podsOf("restarted")).stream().noneMatch(before::contains)
                        && workloadNamed("restarted").available());
        assertThat(podsOf("restarted"))
                .allSatisfy(pod -> assertThat(pod.images()).containsExactly(image()))
                .allSatisfy(pod -> assertThat(pod.node()).isEqualTo(worker().value()));
    }

    @Test
    void deletingAWorkloadTakesItsPodsAway() {
        givenDeployment("gone", 1);

        kube().delete(deployment("gone", 1), Duration.ofMinutes(1));

        await("its pods to be gone", () -> podsOf("gone").isEmpty());
        assertThat(kube().workloads()).extracting(Workload::name).doesNotContain("gone");
    }

    @Test
    void thereIsNoLogOfAPodThatIsNotThere() {
        assertThat(kube().log(NAMESPACE, "no-such-pod")).isEmpty();
    }
}
