/** Static pods taken off a node and put on again. */
@NullMarked
package dev.belay.activities.steps.staticpods;

import org.jspecify.annotations.NullMarked;
