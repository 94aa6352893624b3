package dev.belay.activities.steps.kubeadm;

import dev.belay.activities.Doc;
import dev.belay.model.kubernetes.KubernetesVersion;

/** What a node was brought to. */
public record KubeadmOutcome(
        @Doc("The version the node was brought to") KubernetesVersion version) {}
