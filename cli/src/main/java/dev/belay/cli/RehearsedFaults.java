package dev.belay.cli;

import dev.belay.model.plan.PlannedStep;
import dev.belay.twin.Fault;
import dev.belay.twin.FaultPlan;

/**
 * A fault that never strikes would make a rehearsal look better than it is, so one that fits no step or node is refused. A step type of the
 * restore may be named as well: the rung may be taken while the rehearsal goes on.
 */
final class RehearsedFaults {

    private RehearsedFaults() {}

    static void check(FaultPlan faults, Planned planned) {
        faults.faults().forEach(fault -> check(fault, planned));
    }

    private static void check(Fault fault, Planned planned) {
        if (planned.steps().stream().noneMatch(step -> strikes(fault, step)) && !strikesOnTheWayBack(fault)) {
            throw Stop.error("--fault " + fault + ": no step of the plan is called " + fault.step()
                    + (fault.node() == null ? "" : " on " + fault.node())
                    + " and runs; `belay steps` and the runbook name them");
        }
        boolean known = fault.node() == null
                || planned.facts().nodes().stream().anyMatch(node -> node.name().equals(fault.node()));
        if (!known) {
            throw Stop.error("--fault " + fault + ": the twin has no node " + fault.node());
        }
    }

    private static boolean strikesOnTheWayBack(Fault fault) {
        return Documents.shipped(WayBackStart.RESTORE).uses().contains(fault.step());
    }

    private static boolean strikes(Fault fault, PlannedStep step) {
        boolean named = fault.step().equals(step.id()) || fault.step().equals(step.uses());
        boolean here =
                fault.node() == null || step.node() == null || fault.node().equals(step.node());
        return named && here && !step.skipped();
    }
}
