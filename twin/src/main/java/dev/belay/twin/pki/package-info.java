/** Small real certificates for simulated nodes. */
@NullMarked
package dev.belay.twin.pki;

import org.jspecify.annotations.NullMarked;
