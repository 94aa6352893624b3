package dev.belay.activities.kube;

import dev.belay.model.kubernetes.KubernetesVersion;
import java.util.Optional;

/** One API server by its own address: its version, whether {@code /readyz} says ok, and the failing lines if not. */
public record ApiServerHealth(Optional<KubernetesVersion> version, boolean ready, String detail) {}
