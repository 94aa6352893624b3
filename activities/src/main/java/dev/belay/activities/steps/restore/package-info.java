/** The last rung: every member back to a snapshot, every node to the version before. */
@NullMarked
package dev.belay.activities.steps.restore;

import org.jspecify.annotations.NullMarked;
