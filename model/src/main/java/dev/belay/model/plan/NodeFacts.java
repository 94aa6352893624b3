package dev.belay.model.plan;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;

/**
 * What was seen of one node when the plan was made.
 *
 * @param version the kubelet's
 * @param zone from the inventory or the well-known label; empty when neither says
 */
public record NodeFacts(
        NodeName name, NodeRole role, KubernetesVersion version, String zone, boolean schedulable, boolean ready) {}
