package dev.belay.twin.machine;

/**
 * What is to go wrong in a job.
 *
 * @param kubeadmFails kubeadm ends with an error, having recovered what it can
 */
public record JobFaults(boolean kubeadmFails) {

    public static final JobFaults NONE = new JobFaults(false);
}
