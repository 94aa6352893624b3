/** What kubeadm upgrade does and refuses, in time. */
@NullMarked
package dev.belay.twin.kubeadm;

import org.jspecify.annotations.NullMarked;
