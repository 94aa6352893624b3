/** The same ports over a simulated cluster, its faults and its clock. */
@NullMarked
package dev.belay.twin;

import org.jspecify.annotations.NullMarked;
