/** What is said while a run goes on: step calls, outcomes, states, commands, the ledger, and the view printed as JSON. */
@NullMarked
package dev.belay.model.run;

import org.jspecify.annotations.NullMarked;
