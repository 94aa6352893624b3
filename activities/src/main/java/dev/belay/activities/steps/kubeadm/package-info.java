/** kubeadm's own commands as jobs that survive us. */
@NullMarked
package dev.belay.activities.steps.kubeadm;

import org.jspecify.annotations.NullMarked;
