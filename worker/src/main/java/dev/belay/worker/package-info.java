/** Wiring: clients, workers, the embedded server, configuration. */
@NullMarked
package dev.belay.worker;

import org.jspecify.annotations.NullMarked;
