/** Step types about what the cluster carries. */
@NullMarked
package dev.belay.activities.steps.workloads;

import org.jspecify.annotations.NullMarked;
