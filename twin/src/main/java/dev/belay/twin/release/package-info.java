/** What Kubernetes releases ship and refuse, as far as the twin's kubeadm and kubelet know. */
@NullMarked
package dev.belay.twin.release;

import org.jspecify.annotations.NullMarked;
