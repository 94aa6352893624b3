package dev.belay.twin.machine;

import java.util.List;
import java.util.function.Consumer;

/** The kubeadm that a node has installed. */
public interface Kubeadm {

    /**
     * The program of one {@code kubeadm upgrade ...}.
     *
     * @param arguments after {@code kubeadm upgrade}
     * @param faults what is to go wrong this time
     */
    List<Consumer<HostProcess>> upgrade(Machine machine, List<String> arguments, JobFaults faults);

    /** The program of {@code kubeadm certs ...}; arguments after that. */
    List<Consumer<HostProcess>> certs(Machine machine, List<String> arguments);
}
