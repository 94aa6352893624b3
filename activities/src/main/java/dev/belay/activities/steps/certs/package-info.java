/** Certificates: read, judged, renewed, issued, kept the same on all control planes, and looked at from outside. */
@NullMarked
package dev.belay.activities.steps.certs;

import org.jspecify.annotations.NullMarked;
