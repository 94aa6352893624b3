/** YAML files as trees whose every value knows its line and column, with what is wrong in them. */
@NullMarked
package dev.belay.model.document;

import org.jspecify.annotations.NullMarked;
