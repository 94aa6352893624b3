@NullMarked
package dev.belay.twin;

import org.jspecify.annotations.NullMarked;
