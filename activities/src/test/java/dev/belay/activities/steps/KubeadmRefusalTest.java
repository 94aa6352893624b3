package dev.belay.activities.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.fake.FakeHost;
import dev.belay.activities.host.JobOutcome;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kubeadm that ends badly: what is tried again, and what a person reads. */
class KubeadmRefusalTest extends KubeadmNodes {

    @Test
    void showsEveryPreflightErrorWhole() {
        host.jobs.put(APPLY, job -> FakeHost.ended(1, PREFLIGHT));

        Failure failure = failureOf(this::apply);

        assertThat(failure.code()).isEqualTo("KUBEADM_PREFLIGHT");
        assertThat(failure.kind()).isEqualTo(FailureKind.PRECONDITION);
        assertThat(failure.why())
                .contains("[ERROR CreateJob]: Job \"upgrade-health-check-x\"")
                .contains(
                        "[ERROR ControlPlaneNodesReady]: there are NotReady control-planes in the cluster: [cp2] more of it")
                .doesNotContain("stack trace");
        assertThat(failure.next()).contains("ignorePreflightErrors");
    }

    @Test
    void triesAgainWhenOnlyKubeadmsHastyHealthCheckRefused() {
        Deque<JobOutcome> ends = new ArrayDeque<>(
                List.of(
                        FakeHost.ended(
                                1,
                                "[preflight] Some fatal errors occurred:\n\t[ERROR CreateJob]: Job did not complete in 15s\n"),
                        FakeHost.ended(
                                1,
                                "[preflight] Some fatal errors occurred:\n\t[ERROR CreateJob]: Job did not complete in 15s\n")));
        host.jobs.put(APPLY, job -> {
            if (!ends.isEmpty()) {
                return ends.poll();
            }
            moved("cp1");
            return FakeHost.ended(0, "SUCCESS");
        });

        assertThat(apply().state()).isEqualTo(StepState.DONE);
        assertThat(host.started).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "configmaps \"kubeadm-config\" is forbidden: User \"kubernetes-admin\" cannot get resource \"configmaps\"",
                "Get \"https://api:6443/api?timeout=10s\": dial tcp 10.0.0.1:6443: connect: connection refused",
                "Get \"https://api:6443/api?timeout=10s\": EOF",
                "Get \"https://api:6443/api?timeout=10s\": net/http: TLS handshake timeout",
                "etcdserver: leader changed",
                "etcdserver: request timed out",
                "Unauthorized"
            })
    void triesAgainWhenTheApiWasAwayBeforeAnythingWasChanged(String why) {
        String output =
                "[upgrade/config] Reading configuration from the cluster\nerror: [upgrade/init config] " + why + "\n";
        host.jobs.put(APPLY, job -> host.started.size() > 1 ? succeeded() : FakeHost.ended(1, output));

        assertThat(apply().state()).isEqualTo(StepState.DONE);
        assertThat(host.started).hasSize(2);
    }

    @Test
    void endsWithTheMissingRightWhenKubeadmIsTurnedAwayEachTime() {
        String right = "configmaps is forbidden: User \"x\" cannot get resource \"configmaps\"";
        host.jobs.put(APPLY, job -> FakeHost.ended(1, "error: " + right + "\n"));

        Failure failure = failureOf(this::apply);

        assertThat(failure.why()).contains(right);
        assertThat(host.started).hasSize(4);
    }

    @Test
    void doesNotTryAgainWhenTheApiWentAwayAfterTheManifestsMoved() {
        host.jobs.put(
                APPLY, job -> FakeHost.ended(1, "[upgrade/staticpods] Moving\nerror: dial tcp: connection refused\n"));

        failureOf(this::apply);

        assertThat(host.started).hasSize(1);
    }

    @Test
    void saysWhatKubeadmsFailureMeans() {
        host.jobs.put(
                APPLY,
                job -> FakeHost.ended(
                        1,
                        "[upgrade/staticpods] Moving\nerror execution phase control-plane: couldn't complete the static pod upgrade: couldn't upgrade control plane. kubeadm has tried to recover everything into the earlier state. Errors faced: static Pod hash for component kube-apiserver on Node cp1 did not change after 5m0s: timed out\n"));

        Failure failure = failureOf(this::apply);

        assertThat(failure.code()).isEqualTo("KUBEADM_FAILED");
        assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
        assertThat(failure.why()).contains("ended with 1").contains("did not change after 5m0s");
        assertThat(failure.next()).contains("container's log");
        assertThat(failure.evidence()).contains("[upgrade/staticpods] Moving");
    }
}
