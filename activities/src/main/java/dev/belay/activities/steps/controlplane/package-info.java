/** Step types about the control plane as a whole. */
@NullMarked
package dev.belay.activities.steps.controlplane;

import org.jspecify.annotations.NullMarked;
