package dev.belay.cli.text;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Blocker;
import dev.belay.model.plan.ClusterFacts;
import dev.belay.model.plan.Estimate;
import dev.belay.model.plan.Estimates;
import dev.belay.model.plan.Expansion;
import dev.belay.model.plan.NodeFacts;
import dev.belay.model.plan.Plan;
import dev.belay.model.plan.PlannedStep;
import dev.belay.model.runbook.Phase;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** {@code belay plan}: the path, every step of every node with how it is taken back, and everything that stops it. */
public final class PlanText {

    private static final int ID = 16;
    private static final int USES = 26;

    private final Paint paint;
    private final StringBuilder text = new StringBuilder();

    private PlanText(Paint paint) {
        this.paint = paint;
    }

    /** The head, the steps, what is to be known, and what stops it. */
    public static String of(
            Plan plan, List<PlannedStep> steps, List<Blocker> blockers, List<Blocker> warnings, Paint paint) {
        PlanText picture = new PlanText(paint);
        picture.head(plan);
        for (Hop hop : plan.hops()) {
            picture.hop(hop, steps);
        }
        picture.findings(warnings, "to know", false);
        picture.findings(blockers, "BLOCKED by", true);
        return picture.text.toString();
    }

    /** The head, what is to be known, and what stops it: what a person reads before saying go. */
    public static String summary(Plan plan, List<Blocker> warnings, Paint paint) {
        PlanText picture = new PlanText(paint);
        picture.head(plan);
        picture.findings(warnings, "to know", false);
        return picture.text.toString();
    }

    /** Where no steps follow. */
    public static String blocked(List<Blocker> blockers, List<Blocker> warnings, Paint paint) {
        PlanText picture = new PlanText(paint);
        picture.findings(warnings, "to know", false);
        picture.findings(blockers, "BLOCKED by", true);
        return picture.text.toString();
    }

    private void head(Plan plan) {
        Estimate estimate = Estimates.of(plan);
        line(paint.bold("plan " + Words.digest(plan.digest())) + "  "
                + plan.cluster().name() + "  " + Hop.words(plan.from(), plan.to(), " → ") + "  about "
                + Words.span(estimate.likely()) + " (" + Words.span(estimate.low())
                + "–" + Words.span(estimate.high()) + "), people's time not counted");
        labelled("digest", plan.digest());
        labelled("runbook", plan.runbook().name() + " " + plan.runbook().version() + "  " + plan.runbookDigest());
        labelled("hops", plan.hops().stream().map(PlanText::words).collect(Collectors.joining(", then ")));
        for (NodeRole role : List.of(NodeRole.CONTROL_PLANE, NodeRole.WORKER)) {
            labelled(
                    role == NodeRole.CONTROL_PLANE ? "nodes" : "",
                    nodes(plan.cluster().nodes(role), role));
        }
        if (plan.cluster().hasExternalEtcd()) {
            labelled("etcd", "external, " + etcd(plan.cluster()) + "; it stays as it is");
        }
        if (!plan.inputs().isEmpty()) {
            labelled(
                    "inputs",
                    plan.inputs().entrySet().stream()
                            .map(input -> input.getKey() + "=" + input.getValue())
                            .collect(Collectors.joining(" ")));
        }
        if (plan.asks()) {
            labelled("approve", plan.signers().words());
        }
        plan.ignorePreflightErrors()
                .forEach(error -> labelled(
                        "ignores",
                        error.name() + " of kubeadm's preflight: " + error.reason() + " (" + error.owner() + ")"));
    }

    private static String words(Hop hop) {
        return Hop.words(hop.from(), hop.to(), " → ") + (hop.raisesEtcdMinor() ? " (raises etcd's minor)" : "");
    }

    private static String nodes(List<NodeFacts> nodes, NodeRole role) {
        String names = Places.of(nodes.stream().map(node -> node.name().value()).toList());
        String versions = nodes.stream()
                .map(node -> node.version().toString())
                .distinct()
                .sorted()
                .collect(Collectors.joining(" and "));
        return Words.count(nodes.size(), role.text()) + ": " + names + "  " + versions;
    }

    private static String etcd(ClusterFacts cluster) {
        return cluster.etcd().stream()
                .map(member -> member.name() + " " + member.version())
                .collect(Collectors.joining(", "));
    }

    private void hop(Hop hop, List<PlannedStep> steps) {
        line("");
        line(paint.bold("hop " + hop.to()));
        for (Phase phase : Phase.values()) {
            List<PlannedStep> own = steps.stream()
                    .filter(step -> step.hop().equals(hop.to()) && step.phase() == phase)
                    .toList();
            if (!own.isEmpty()) {
                line("  " + phase.text());
                own.forEach(this::step);
            }
        }
    }

    private void step(PlannedStep step) {
        String where = step.node() == null ? "" : step.node().value();
        String time =
                step.skipped() ? "not here" : step.estimate().equals(Duration.ZERO) ? "" : Words.span(step.estimate());
        String undo = step.undo().equals(Expansion.NONE_NEEDED) || step.skipped() ? "" : step.undo();
        String shown = undo.equals(Expansion.POINT_OF_NO_RETURN) ? paint.alarm(undo) : undo;
        String row = "    " + Words.pad(where, 8) + "  " + Words.pad(step.id(), ID) + "  "
                + Words.pad(step.uses(), USES) + "  " + Words.pad(time, 8) + "  " + shown;
        line(step.skipped() ? paint.dim(row.stripTrailing()) : row.stripTrailing());
    }

    private void findings(List<Blocker> findings, String title, boolean alarm) {
        if (findings.isEmpty()) {
            return;
        }
        line("");
        String head = title + (alarm ? " " + Words.count(findings.size(), "finding") : "");
        line(alarm ? paint.alarm(head) : paint.bold(head));
        for (Blocker finding : findings) {
            line("  " + Words.line(finding.object()) + ": " + Words.line(finding.why()) + " [" + finding.rule() + "]");
            line("    " + paint.dim(Words.line(finding.remedy())));
        }
    }

    private void labelled(String label, String value) {
        line(paint.dim(Words.pad(label, 9)) + value);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
