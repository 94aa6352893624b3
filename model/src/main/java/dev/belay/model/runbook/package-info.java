/** What an SRE writes: the runbook, its phases and steps, and the reader that reports every problem at once. */
@NullMarked
package dev.belay.model.runbook;

import org.jspecify.annotations.NullMarked;
