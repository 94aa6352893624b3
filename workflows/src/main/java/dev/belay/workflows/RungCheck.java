package dev.belay.workflows;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Command;
import dev.belay.model.run.Rung;
import dev.belay.model.runbook.Phase;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether a rung can be asked for at all where a run stands: what the run itself knows, without its hops and nodes. */
record RungCheck(Plan plan, Supplier<@Nullable Progress> progress) {

    /** Why not, in words; null when it can. */
    @Nullable
    String objection(Command command) {
        Rung rung = command.rung();
        if (rung == null) {
            return "a rollback names a rung: step, node, hold, etcd-downgrade or restore";
        }
        return switch (rung) {
            case NODE -> node(command.node());
            case HOLD -> hold();
            case STEP, ETCD_DOWNGRADE, RESTORE -> null;
        };
    }

    private @Nullable String hold() {
        if (!plan.changesVersions()) {
            return "hold is for a run that changes versions, and this one changes none";
        }
        return controlPlaneIsNew()
                ? null
                : "hold needs a control plane that is new on every node, and this one is not yet";
    }

    private @Nullable String node(@Nullable NodeName node) {
        if (node == null) {
            return "the rung node needs --node: which one goes back";
        }
        boolean known =
                plan.cluster().nodes().stream().anyMatch(each -> each.name().equals(node));
        return known ? null : "the plan has no node " + node;
    }

    private boolean controlPlaneIsNew() {
        Progress now = progress.get();
        return now != null && Objects.requireNonNull(now).phase().compareTo(Phase.CONTROL_PLANE) > 0;
    }
}
