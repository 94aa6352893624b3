/** Versions, hops, nodes and the rules between them. Pure: no clock, no I/O. */
@NullMarked
package dev.belay.model.kubernetes;

import org.jspecify.annotations.NullMarked;
