/** Programs that measure; see bench/README.md. Nothing of the product depends on them. */
@NullMarked
package dev.belay.bench;

import org.jspecify.annotations.NullMarked;
