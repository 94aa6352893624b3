/** One simulated node: files, packages, units, static pods, jobs. */
@NullMarked
package dev.belay.twin.machine;

import org.jspecify.annotations.NullMarked;
