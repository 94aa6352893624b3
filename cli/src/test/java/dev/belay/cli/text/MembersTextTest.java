package dev.belay.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.RunView;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Phase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembersTextTest {

    private final List<StepRecord> steps = new ArrayList<>();

    @Test
    void namesHowFarEachMemberOfARestoreIs() {
        member("cp1", StepState.DONE, StepState.DONE, StepState.PENDING);
        member("cp2", StepState.DONE, StepState.PARKED, StepState.PENDING);
        member("cp3", StepState.DONE, StepState.DONE, StepState.PENDING);

        assertThat(MembersText.of(view()))
                .isEqualTo(
                        "cp1 cp3 stopped, restored data in place; cp2 stopped, its restore begun and not at its end");
    }

    @Test
    void aMemberThatWasNotTouchedRunsOnItsOldData() {
        member("cp1", StepState.PENDING, StepState.PENDING, StepState.PENDING);
        member("cp2", StepState.RUNNING, StepState.PENDING, StepState.PENDING);
        member("cp3", StepState.DONE, StepState.ALREADY_DONE, StepState.DONE);

        assertThat(MembersText.of(view()))
                .isEqualTo(
                        "cp1 running on the old data; cp2 being stopped, old data in place; cp3 running on the restored data");
    }

    @Test
    void saysNothingOfARunThatRestoresNoMember() {
        assertThat(MembersText.of(Situations.parkedAtADrain().view())).isEmpty();
    }

    /** The API servers stop before etcd and start after it. */
    private void member(String node, StepState stop, StepState restore, StepState start) {
        add("stopServers", node, "staticPods.stop", StepState.DONE);
        add("stopEtcd", node, "etcd.stop", stop);
        add("restore", node, "etcd.restore", restore);
        add("startEtcd", node, "etcd.start", start);
        add("startServers", node, "staticPods.start", StepState.PENDING);
    }

    private void add(String id, String node, String uses, StepState state) {
        steps.add(new StepRecord(
                id,
                KubernetesVersion.parse("v1.33.13"),
                Phase.CONTROL_PLANE,
                new NodeName(node),
                uses,
                state,
                1,
                null,
                null,
                null));
    }

    private RunView view() {
        RunView like = Situations.parkedAtADrain().view();
        return new RunView(
                like.run(),
                like.status(),
                like.cluster(),
                like.runbook(),
                like.planDigest(),
                like.approvals(),
                like.from(),
                like.to(),
                like.parked(),
                like.nodes(),
                like.hops(),
                steps,
                like.effects(),
                like.blockers(),
                like.rungs());
    }
}
