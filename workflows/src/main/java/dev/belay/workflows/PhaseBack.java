package dev.belay.workflows;

import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Failure;
import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.LedgerEntry.State;
import dev.belay.model.run.Rung;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.GroupStep;
import dev.belay.model.runbook.Phase;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes a phase that failed back to the last rung that needs no approval, the last effect first, and stands still before the rung that needs
 * two people. A retry begins the phase anew.
 */
record PhaseBack(Level level, Frame frame, Plan plan, Undo undo) {

    /** Says whether a person wants the phase begun anew; false when told to leave. */
    boolean takenBack(Setback setback, List<StepRecord> visited) {
        boolean raised = etcdIsRaised(visited);
        if (!raised) {
            undo.run(entry -> new Way(Rung.NODE, entry.node()), plan.signatures(), this::isOfPhase, () -> false);
        }
        Command decision;
        do {
            decision = level.controls().ended() ? null : park(setback, raised);
        } while (decision != null && decision.kind() != CommandKind.RETRY);
        return decision != null;
    }

    private boolean isOfPhase(LedgerEntry entry) {
        return plan.runbook().phase(frame.phase()).stream()
                .flatMap(step -> step instanceof GroupStep group ? group.steps().stream() : Stream.of(step))
                .anyMatch(step -> step.id().equals(entry.step()));
    }

    /** From there on no control plane goes back alone. */
    private boolean etcdIsRaised(List<StepRecord> visited) {
        long risen = visited.stream()
                .filter(PhaseBack::raises)
                .map(StepRecord::node)
                .distinct()
                .count();
        return frame.phase() == Phase.CONTROL_PLANE
                && frame.hop().raisesEtcdMinor()
                && risen == plan.cluster().nodes(NodeRole.CONTROL_PLANE).size();
    }

    /** Says whether this step has brought its control plane, and with it the member of etcd, to the new version. */
    static boolean raises(StepRecord step) {
        boolean kubeadm = step.uses().equals("kubeadm.apply") || step.uses().equals("kubeadm.node");
        return kubeadm && (step.state() == StepState.DONE || step.state() == StepState.ALREADY_DONE);
    }

    private @Nullable Command park(Setback setback, boolean raised) {
        Failure failed = setback.failure();
        String next =
                failed.next() + " Then retry, which begins " + frame.phase().text()
                        + " anew. The next rung needs two people: belay rollback " + frame.run() + " --rung restore";
        Failure shown =
                new Failure(failed.kind(), failed.code(), words(setback, raised), next.strip(), failed.evidence());
        Notice notice = Notice.parked(
                level.workflowId(), frame.hop().to(), setback.step(), setback.node(), false, shown.why(), shown);
        return level.standing().park(notice, frame, level.controls()::ended);
    }

    private String words(Setback setback, boolean raised) {
        String failed = setback.place() + " failed: " + setback.failure().why();
        return raised
                ? frame.phase().text()
                        + " stands as it is, since every etcd member is new and no control plane goes back alone; "
                        + failed
                : frame.phase().text() + " was taken back, " + count(State.UNDONE) + " effects undone, "
                        + count(State.LEFT) + " left by decision, since " + failed;
    }

    private long count(State state) {
        return level.ledger().entries().stream()
                .filter(entry -> isOfPhase(entry) && entry.state() == state)
                .count();
    }
}
