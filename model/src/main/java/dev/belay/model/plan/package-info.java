/** The frozen agreement between a person and the engine: what will run, on what, with which digest. */
@NullMarked
package dev.belay.model.plan;

import org.jspecify.annotations.NullMarked;
