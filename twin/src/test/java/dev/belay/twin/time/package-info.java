@NullMarked
package dev.belay.twin.time;

import org.jspecify.annotations.NullMarked;
