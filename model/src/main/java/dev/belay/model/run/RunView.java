package dev.belay.model.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.model.approval.Signers.Approvals;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Blocker;
import dev.belay.model.runbook.Phase;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as {@code plan}, {@code rehearse}, {@code run} and {@code show} print it with {@code -o json}: a contract with scripts, written down
 * in {@code docs/schema/run.schema.json}. Every key is always there; what is not known is null.
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RunView(
        @Nullable String run,
        RunStatus status,
        String cluster,
        RunbookRef runbook,
        @Nullable String planDigest,
        @Nullable Approvals approvals,
        KubernetesVersion from,
        KubernetesVersion to,
        @Nullable Parked parked,
        List<Node> nodes,
        List<HopView> hops,
        List<StepRecord> steps,
        List<Effect> effects,
        List<Blocker> blockers,
        List<RungView> rungs) {

    public RunView {
        nodes = List.copyOf(nodes);
        hops = List.copyOf(hops);
        steps = List.copyOf(steps);
        effects = List.copyOf(effects);
        blockers = List.copyOf(blockers);
        rungs = List.copyOf(rungs);
    }

    /** The same with the ways back as somebody has measured them. */
    public RunView withRungs(List<RungView> measured) {
        return new RunView(
                run,
                status,
                cluster,
                runbook,
                planDigest,
                approvals,
                from,
                to,
                parked,
                nodes,
                hops,
                steps,
                effects,
                blockers,
                measured);
    }

    /** The same run over nodes as somebody else sees them. */
    public RunView with(List<Node> seen) {
        return new RunView(
                run,
                status,
                cluster,
                runbook,
                planDigest,
                approvals,
                from,
                to,
                parked,
                seen,
                hops,
                steps,
                effects,
                blockers,
                rungs);
    }

    /**
     * A way back as it stands now.
     *
     * @param why it is closed, or what it would do
     * @param loses what does not come back
     * @param outageSeconds for how long the API is expected to be away, as measured in docs/safety.md; null when nobody can say
     * @param approvals different people who must say yes first
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record RungView(
            Rung name,
            boolean open,
            String why,
            String loses,
            @Nullable Integer outageSeconds,
            int approvals,
            List<NodeName> nodes) {

        public RungView {
            nodes = List.copyOf(nodes);
        }

        /** The same with what was measured to be lost. */
        public RungView losing(String measured) {
            return new RungView(name, open, why, measured, outageSeconds, approvals, nodes);
        }
    }

    /** The runbook that is run. */
    public record RunbookRef(String name, String version, String digest) {}

    /** Where the run stands still, why, and the commands to type next. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Parked(
            Instant since, String step, @Nullable NodeName node, String why, List<String> next) {}

    /** A node; {@code version} is the kubelet's. */
    public record Node(NodeName name, NodeRole role, KubernetesVersion version, boolean schedulable, boolean ready) {}

    /** A hop and the state of its phases. */
    public record HopView(KubernetesVersion from, KubernetesVersion to, List<PhaseView> phases) {}

    /** PENDING, RUNNING, WAITING, PARKED, DONE, SKIPPED or UNDONE. */
    public record PhaseView(Phase name, StepState state) {}

    /** An entry of the ledger that was armed, in the order of arming. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Effect(int seq, String step, @Nullable NodeName node, String action) {}
}
