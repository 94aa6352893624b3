/** The Kubernetes side: nodes, pods, evictions, workloads, probes. */
@NullMarked
package dev.belay.activities.kube;

import org.jspecify.annotations.NullMarked;
