/** How people's programs talk to runs: start, look, command. */
@NullMarked
package dev.belay.workflows.client;

import org.jspecify.annotations.NullMarked;
