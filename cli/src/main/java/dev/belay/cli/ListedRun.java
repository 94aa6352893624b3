package dev.belay.cli;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.run.RunStatus;
import java.time.Instant;

/** One line of {@code belay list}; the record is what {@code -o json} prints. */
record ListedRun(
        String run,
        RunStatus status,
        String cluster,
        KubernetesVersion from,
        KubernetesVersion to,
        Instant startedAt) {}
