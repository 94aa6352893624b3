/** Packages by apt, one repository a minor. */
@NullMarked
package dev.belay.activities.steps.packages;

import org.jspecify.annotations.NullMarked;
