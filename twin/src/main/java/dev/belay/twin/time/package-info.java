/** Time that only goes on, and chance that is decided by a seed. */
@NullMarked
package dev.belay.twin.time;

import org.jspecify.annotations.NullMarked;
