package dev.belay.worker;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.PlannedStep;
import dev.belay.model.runbook.Phase;
import dev.belay.twin.Fault;
import dev.belay.twin.FaultKind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where a climb is broken on purpose: in each phase one step that can fail, on the second of its nodes, so that one is done and one half. */
final class RehearsedBreaks {

    /** Step types and what happens to them, in each phase the one that says most first. */
    private static final Map<Phase, List<Map.Entry<String, FaultKind>>> WAYS = Map.of(
            Phase.PREP,
                    List.of(
                            Map.entry("backup.drill", FaultKind.SSH_CUT),
                            Map.entry("check.disk", FaultKind.SSH_CUT),
                            Map.entry("check.access", FaultKind.SSH_CUT)),
            Phase.CONTROL_PLANE,
                    List.of(
                            Map.entry("kubeadm.node", FaultKind.KUBEADM_FAILS),
                            Map.entry("kubeadm.apply", FaultKind.KUBEADM_FAILS)),
            Phase.WORKERS,
                    List.of(
                            Map.entry("node.drain", FaultKind.DRAIN_BLOCKED),
                            Map.entry("kubeadm.node", FaultKind.KUBEADM_FAILS)),
            Phase.VERIFY, List.of(Map.entry("verify.nodes", FaultKind.NODE_NOT_READY)));

    private RehearsedBreaks() {}

    /** Empty when no step of the phase can be broken. */
    static Optional<Fault> of(List<PlannedStep> steps, Phase phase) {
        List<PlannedStep> here = steps.stream()
                .filter(step -> step.phase() == phase && !step.skipped())
                .toList();
        Set<NodeName> nodes = new LinkedHashSet<>();
        here.forEach(step -> Optional.ofNullable(step.node()).ifPresent(nodes::add));
        Optional<NodeName> second =
                nodes.stream().skip(nodes.size() > 1 ? 1 : 0).findFirst();
        return WAYS.getOrDefault(phase, List.of()).stream()
                .flatMap(way -> fault(here, second, way.getKey(), way.getValue()).stream())
                .findFirst();
    }

    private static Optional<Fault> fault(List<PlannedStep> here, Optional<NodeName> node, String uses, FaultKind kind) {
        return here.stream()
                .filter(step -> step.uses().equals(uses))
                .filter(step ->
                        step.node() == null || node.filter(step.node()::equals).isPresent())
                .findFirst()
                .map(step -> new Fault(step.id(), kind, step.node()));
    }
}
