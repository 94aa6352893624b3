/** Step types that look whether a hop has arrived. */
@NullMarked
package dev.belay.activities.steps.verify;

import org.jspecify.annotations.NullMarked;
