/** Step types that keep what a way back needs. */
@NullMarked
package dev.belay.activities.steps.backup;

import org.jspecify.annotations.NullMarked;
