/** etcd taken back to the minor before while it serves. */
@NullMarked
package dev.belay.activities.steps.downgrade;

import org.jspecify.annotations.NullMarked;
