/** What several step types share: waiting, looking at many hosts, the remote commands they agree on. */
@NullMarked
package dev.belay.activities.steps;

import org.jspecify.annotations.NullMarked;
