/** The SSH side: commands, files and durable jobs on a node. */
@NullMarked
package dev.belay.activities.host;

import org.jspecify.annotations.NullMarked;
