/** Known failures by what they leave in logs and messages, and which of them a text shows. */
@NullMarked
package dev.belay.model.diagnosis;

import org.jspecify.annotations.NullMarked;
