/** Step types, their contract and catalogue, and the one activity that runs them. */
@NullMarked
package dev.belay.activities;

import org.jspecify.annotations.NullMarked;
