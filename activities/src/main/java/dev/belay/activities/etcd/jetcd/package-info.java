/** The etcd port on jetcd. Nothing outside this package sees a type of that library or of gRPC. */
@NullMarked
package dev.belay.activities.etcd.jetcd;

import org.jspecify.annotations.NullMarked;
