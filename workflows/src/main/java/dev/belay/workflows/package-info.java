/** The deterministic interpreter: run, hop and node workflows over one step runner. */
@NullMarked
package dev.belay.workflows;

import org.jspecify.annotations.NullMarked;
