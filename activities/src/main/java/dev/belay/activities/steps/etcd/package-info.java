/** etcd's own programs on a node, run in one place: how they are found, mounted, called and read. */
@NullMarked
package dev.belay.activities.steps.etcd;

import org.jspecify.annotations.NullMarked;
