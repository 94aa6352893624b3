/** A dead etcd member gives its place to a new one on the same control plane, while the others hold quorum. */
@NullMarked
package dev.belay.activities.steps.member;

import org.jspecify.annotations.NullMarked;
