package dev.belay.workflows;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.runbook.Phase;

/**
 * How far a hop is; sent up at each phase and after each batch.
 *
 * @param hop the version it goes to
 * @param nodesDone nodes for which every group of the hop that visits them is finished
 * @param nodesTotal nodes visited by any group
 */
public record Progress(KubernetesVersion hop, Phase phase, int nodesDone, int nodesTotal) {}
