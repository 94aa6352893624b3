/** What a person reads: pure functions from a situation to lines of text. No clock, no terminal. */
@NullMarked
package dev.belay.cli.text;

import org.jspecify.annotations.NullMarked;
