/** The simulated API: nodes, pods and their owners, budgets, leases, probes. */
@NullMarked
package dev.belay.twin.kube;

import org.jspecify.annotations.NullMarked;
