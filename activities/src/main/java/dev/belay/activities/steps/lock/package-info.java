/** The cluster's own lock. */
@NullMarked
package dev.belay.activities.steps.lock;

import org.jspecify.annotations.NullMarked;
