/** What a run keeps: snapshots, files, long output. */
@NullMarked
package dev.belay.activities.evidence;

import org.jspecify.annotations.NullMarked;
