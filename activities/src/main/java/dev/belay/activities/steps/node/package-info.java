/** Step types that work on one node and its kubelet. */
@NullMarked
package dev.belay.activities.steps.node;

import org.jspecify.annotations.NullMarked;
