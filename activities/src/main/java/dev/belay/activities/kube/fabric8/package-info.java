/** The Kubernetes port on fabric8's client. Nothing outside this package sees a type of that library. */
@NullMarked
package dev.belay.activities.kube.fabric8;

import org.jspecify.annotations.NullMarked;
