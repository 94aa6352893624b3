package dev.belay.workflows;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.run.StepCall.NodeCall;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.Step;
import dev.belay.model.runbook.StepSignature;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node starts with: the part of the plan that it needs, so that a thousand nodes do not carry a thousand plans.
 *
 * @param runWorkflowId where notices go, besides the hop
 * @param steps of the group
 * @param outputs of hop steps that the group's references may see
 * @param redo how often steps of this group were tried on this node before its phase was taken back; 0 in older histories
 */
public record NodeInput(
        String run,
        String runWorkflowId,
        String hopWorkflowId,
        String cluster,
        String planDigest,
        String inventoryDigest,
        String site,
        Hop hop,
        Phase phase,
        String group,
        NodeCall node,
        List<Step> steps,
        @Nullable Duration timeout,
        int attempts,
        Map<String, StepSignature> signatures,
        Map<String, Object> inputs,
        Map<String, Map<String, Object>> outputs,
        boolean paused,
        int redo) {}
