package dev.belay.twin;

import dev.belay.activities.StepCatalogue;
import dev.belay.activities.host.FileAttributes;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.StepCall;
import dev.belay.twin.machine.JobFaults;
import dev.belay.twin.machine.Machine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Brings the planned faults into the world when their step is called, and mends them when a person retries. */
final class Misfortune {

    private static final String CERTIFICATE = "/etc/kubernetes/pki/apiserver-kubelet-client.crt";

    private final World world;
    private final FaultPlan plan;
    private final Map<String, CallFaults.SshCut> cuts = new TreeMap<>();
    private final Set<String> killed = new TreeSet<>();
    private volatile Consumer<StepCall> killer = call -> {};

    Misfortune(World world, FaultPlan plan) {
        this.world = world;
        this.plan = plan;
    }

    void onWorkerKilled(Consumer<StepCall> by) {
        killer = by;
    }

    CallFaults faultsFor(StepCall call) {
        List<Fault> holding = plan.at(call);
        synchronized (world) {
            if (call.redo() > 0) {
                mend();
            }
            holding.forEach(fault -> strike(fault, call));
            return new CallFaults(
                    new JobFaults(has(holding, FaultKind.KUBEADM_FAILS)),
                    sshCut(holding, call),
                    killing(holding, call));
        }
    }

    private void strike(Fault fault, StepCall call) {
        Machine machine = machine(fault, call);
        switch (fault.kind()) {
            case DRAIN_BLOCKED -> world.api().budgets().freeze(machine.name());
            case NODE_NOT_READY -> machine.kubelet().hang(true);
            case CERTIFICATE_EXPIRED ->
                write(
                        machine,
                        world.pki().expiredKubeletClient(world.time().now()).certificate());
            case ETCD_NOSPACE ->
                world.etcd()
                        .member(controlPlane(machine).name().value())
                        .ifPresent(member -> world.etcd().space().fill(member));
            case POWER_CUT -> machine.powerOff();
            case SSH_CUT, KUBEADM_FAILS, WORKER_KILLED -> {}
        }
    }

    /** Somebody has looked after what has happened, for good. */
    void end() {
        plan.end();
        mend();
    }

    /** Whoever retries has looked after everything that was broken in the world. */
    private void mend() {
        world.api().budgets().thaw();
        world.etcd().members().forEach(world.etcd().space()::mend);
        for (Machine machine : world.machines().values()) {
            machine.kubelet().hang(false);
            machine.powerOn();
        }
        plan.faults().stream()
                .filter(fault -> fault.kind() == FaultKind.CERTIFICATE_EXPIRED)
                .findFirst()
                .ifPresent(fault -> world.machines().values().stream()
                        .filter(Machine::isControlPlane)
                        .forEach(machine -> write(
                                machine,
                                world.pki().kubeletClient(world.time().now()).certificate())));
    }

    private static void write(Machine machine, String certificate) {
        if (machine.files().exists(CERTIFICATE)) {
            machine.files().write(CERTIFICATE, certificate, FileAttributes.ROOT_READABLE);
        }
    }

    private Optional<CallFaults.SshCut> sshCut(List<Fault> holding, StepCall call) {
        return holding.stream()
                .filter(fault -> fault.kind() == FaultKind.SSH_CUT)
                .findFirst()
                .map(fault -> cuts.computeIfAbsent(
                        fault.toString(),
                        text -> new CallFaults.SshCut(
                                Optional.ofNullable(FaultPlan.target(fault, call)), onlyLooks(call))));
    }

    private static boolean onlyLooks(StepCall call) {
        return StepCatalogue.shipped()
                .find(call.uses())
                .map(type -> type.action().isEmpty() || call.node() == null)
                .orElse(false);
    }

    private Runnable killing(List<Fault> holding, StepCall call) {
        List<String> due = holding.stream()
                .filter(fault -> fault.kind() == FaultKind.WORKER_KILLED)
                .map(Fault::toString)
                .filter(killed::add)
                .toList();
        AtomicBoolean alive = new AtomicBoolean(!due.isEmpty());
        return () -> {
            if (alive.getAndSet(false)) {
                killer.accept(call);
            }
        };
    }

    private Machine machine(Fault fault, StepCall call) {
        NodeName target = FaultPlan.target(fault, call);
        return target == null ? firstControlPlane() : world.machine(target);
    }

    private Machine controlPlane(Machine machine) {
        return machine.isControlPlane() ? machine : firstControlPlane();
    }

    private Machine firstControlPlane() {
        return world.machines().values().stream()
                .filter(Machine::isControlPlane)
                .findFirst()
                .orElseThrow();
    }

    private static boolean has(List<Fault> faults, FaultKind kind) {
        return faults.stream().anyMatch(fault -> fault.kind() == kind);
    }
}
