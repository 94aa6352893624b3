/** The simulated etcd members. */
@NullMarked
package dev.belay.twin.etcd;

import org.jspecify.annotations.NullMarked;
