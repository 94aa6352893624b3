/** The order of steps: what may start, what stands upstream, and what is wrong with a graph. */
@NullMarked
package dev.belay.model.graph;

import org.jspecify.annotations.NullMarked;
