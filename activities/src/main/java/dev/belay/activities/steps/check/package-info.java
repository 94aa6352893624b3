/** Step types that look whether a hop may begin. */
@NullMarked
package dev.belay.activities.steps.check;

import org.jspecify.annotations.NullMarked;
