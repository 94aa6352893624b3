/** References and conditions of runbooks, in CEL: checked at load, evaluated over plain maps. No I/O, no clock, no loops, no regexes. */
@NullMarked
package dev.belay.model.expression;

import org.jspecify.annotations.NullMarked;
