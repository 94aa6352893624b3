package dev.belay.activities.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Done;
import dev.belay.activities.fake.FakeHost;
import dev.belay.activities.fake.FakeKube;
import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.steps.kubeadm.KubeadmOutcome;
import dev.belay.activities.steps.kubeadm.PlanKubeadm;
import dev.belay.activities.steps.kubeadm.UpgradeNode;
import dev.belay.model.plan.IgnoredPreflightError;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubeadmStepsTest extends KubeadmNodes {

    @Test
    void appliesOnceAndLooks() {
        assertThat(apply().state()).isEqualTo(StepState.DONE);
        assertThat(world.effects).containsExactly("cp1: " + APPLY);
        assertThat(host.started.get(0).limit()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void ignoresOnlyWhatTheInventoryNames() {
        world.ignored = List.of(
                new IgnoredPreflightError("SystemVerification", "r", "o"), new IgnoredPreflightError("Swap", "r", "o"));

        apply();

        assertThat(world.effects)
                .containsExactly("cp1: " + APPLY + " --ignore-preflight-errors=SystemVerification,Swap");
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "ALL", "a,b", "x; rm -rf /", "--force", "$(id)", "a\nb", ""})
    void refusesToIgnoreWhatIsNotOneCheck(String name) {
        world.ignored = List.of(new IgnoredPreflightError(name, "r", "o"));

        assertThat(failureOf(this::apply).code()).isEqualTo("BAD_INVENTORY");
        assertThat(world.effects).isEmpty();
    }

    @Test
    void findsItDone() {
        moved("cp1");

        assertThat(apply().state()).isEqualTo(StepState.ALREADY_DONE);
        assertThat(world.effects).isEmpty();
    }

    @Test
    void followsAJobToItsEndEvenWhenItsWorkIsVisibleAlready() {
        apply();

        Done<KubeadmOutcome> second = apply();

        assertThat(second.state()).isEqualTo(StepState.DONE);
        assertThat(second.why()).contains("ran once");
        assertThat(world.effects).containsExactly("cp1: " + APPLY);
    }

    @Test
    void waitsForAnApiServerThatComesUpLateAndForOneThatIsAway() {
        host.job(APPLY, () -> {
            manifests("cp1", "v1.34.4");
            record("v1.34.4");
            world.kube.unavailable = 2;
        });
        int[] ticks = new int[1];
        world.clock.onTick(() -> {
            if (++ticks[0] == 3) {
                world.kube.apiServer("cp1", "v1.34.4");
            }
        });

        assertThat(apply().state()).isEqualTo(StepState.DONE);
    }

    @Test
    void doesNotBelieveKubeadmWithoutLooking() {
        host.job(APPLY, () -> {});

        Failure failure = failureOf(this::apply);

        assertThat(failure.code()).isEqualTo("KUBEADM_NOT_VERIFIED");
        assertThat(failure.why())
                .contains("the manifest of kube-apiserver has the image registry.k8s.io/kube-apiserver:v1.33.13");
    }

    @Test
    void looksWhenTheOutcomeIsLost() {
        host.jobs.put(APPLY, job -> {
            moved("cp1");
            return FakeHost.lost();
        });

        Done<KubeadmOutcome> done = apply();

        assertThat(done.state()).isEqualTo(StepState.DONE);
        assertThat(done.why()).contains("lost");
    }

    @Test
    void callsALostOutcomeUnknownWhenTheWorkIsNotDone() {
        host.jobs.put(APPLY, job -> FakeHost.lost());

        Failure failure = failureOf(this::apply);

        assertThat(failure.kind()).isEqualTo(FailureKind.UNKNOWN);
        assertThat(failure.code()).isEqualTo("KUBEADM_LOST");
        assertThat(failure.next()).contains("retry");
        assertThat(host.started).hasSize(1);
    }

    @Test
    void countsTheAddonsAfterALossOnTheLastControlPlane() {
        KubePod proxy = FakeKube.pod("kube-system", "kube-proxy-1", "cp1", "DaemonSet/kube-proxy");
        world.kube.pods.add(new KubePod(
                proxy.namespace(),
                proxy.name(),
                proxy.uid(),
                proxy.node(),
                proxy.owner(),
                false,
                false,
                "Running",
                true,
                false,
                proxy.gracePeriod(),
                Map.of("k8s-app", "kube-proxy"),
                List.of("r/kube-proxy:v1.33.13"),
                List.of()));
        moved("cp2");
        host.jobs.put(APPLY, job -> {
            moved("cp1");
            return FakeHost.lost();
        });

        assertThat(failureOf(this::apply).why()).contains("no kube-proxy is at v1.34.4");
    }

    @Test
    void aPersonsRetryAfterALossRunsTheCommandAgainUnderANewKey() {
        host.jobs.put(APPLY, job -> FakeHost.lost());
        failureOf(this::apply);
        host.job(APPLY, () -> moved("cp1"));

        world.redo = 1;

        assertThat(apply().state()).isEqualTo(StepState.DONE);
        assertThat(host.started)
                .extracting(job -> job.key().replaceAll(".*/it/", ""))
                .containsExactly("0/kubeadm-1", "1/kubeadm-1");
    }

    @Test
    void needsTheHopsOwnKubeadm() {
        host.says("kubeadm version -o short", "v1.33.13");

        assertThat(failureOf(this::apply).code()).isEqualTo("KUBEADM_VERSION");
        assertThat(world.effects).isEmpty();
    }

    @Test
    void renewsAFurtherControlPlane() {
        record("v1.34.4");
        UpgradeNode step = new UpgradeNode();

        assertThat(step.run(NONE, world.on("cp2", "kubeadm.node")).state()).isEqualTo(StepState.DONE);
        assertThat(world.effects).containsExactly("cp2: kubeadm upgrade node");
    }

    @Test
    void doesNotRenewBeforeTheFirstControlPlaneIsApplied() {
        UpgradeNode step = new UpgradeNode();

        assertThat(failureOf(() -> step.run(NONE, world.on("cp2", "kubeadm.node")))
                        .code())
                .isEqualTo("NOT_APPLIED");
        assertThat(world.effects).isEmpty();
    }

    @Test
    void refusesANodeThatKubeadmWouldTakeForTheOtherKind() {
        record("v1.34.4");
        world.host("cp2").files.remove("/etc/kubernetes/manifests/kube-apiserver.yaml");

        assertThat(failureOf(() -> new UpgradeNode().run(NONE, world.on("cp2", "kubeadm.node")))
                        .code())
                .isEqualTo("WRONG_MANIFESTS");
        assertThat(world.effects).isEmpty();
    }

    @Test
    void repeatsALostJobOnAWorkerWhereItLeavesNoMark() {
        record("v1.34.4");
        FakeHost worker = world.host("w1");
        Deque<JobOutcome> ends = new ArrayDeque<>(List.of(FakeHost.lost()));
        worker.jobs.put("kubeadm upgrade node", job -> {
            if (!ends.isEmpty()) {
                return ends.poll();
            }
            worker.file("/var/lib/kubelet/config.yaml", "kind: KubeletConfiguration\n");
            return FakeHost.ended(0, "");
        });

        assertThat(new UpgradeNode().run(NONE, world.on("w1", "kubeadm.node")).state())
                .isEqualTo(StepState.DONE);
        assertThat(worker.started).hasSize(2);
    }

    @Test
    void plansAndStopsWhereAPersonMustMigrate() {
        host.jobs.put("kubeadm upgrade plan v1.34.4", job -> FakeHost.ended(0, """
                        API GROUP                 CURRENT VERSION   PREFERRED VERSION   MANUAL UPGRADE REQUIRED
                        kubeproxy.config.k8s.io   v1alpha1          v1alpha1            no
                        kubelet.config.k8s.io     v1beta1           v1                  yes
                        _____________________________________________________________________
                        """));

        Failure failure = failureOf(() -> new PlanKubeadm().run(NONE, world.on("cp1", "kubeadm.plan")));

        assertThat(failure.code()).isEqualTo("MANUAL_CONFIG_UPGRADE");
        assertThat(failure.why()).contains("kubelet.config.k8s.io").doesNotContain("kubeproxy");
    }
}
