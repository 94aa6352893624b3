/** The etcd side: members, status, hashes, snapshots. */
@NullMarked
package dev.belay.activities.etcd;

import org.jspecify.annotations.NullMarked;
