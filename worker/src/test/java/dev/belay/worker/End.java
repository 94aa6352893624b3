package dev.belay.worker;

import dev.belay.activities.Ports;
import dev.belay.activities.evidence.Evidence.Artifact;
import dev.belay.activities.host.Command;
import dev.belay.activities.kube.KubeNode;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.twin.SimulatedCluster;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a climb leaves.
 *
 * @param workers that were there, one after the other
 * @param record the run's own: steps and effects
 * @param world what may not depend on how often a worker was lost
 * @param effects every change, in order
 */
record End(RunStatus status, int workers, Map<String, String> record, Map<String, String> world, List<String> effects) {

    static End of(RunView view, String run, int workers, SimulatedCluster cluster) {
        try (Ports ports = cluster.connect().ports()) {
            List<String> effects = cluster.effects().list();
            return new End(view.status(), workers, record(view), new Look(ports, run).world(), effects);
        }
    }

    private static Map<String, String> record(RunView view) {
        Map<String, String> record = new TreeMap<>();
        view.steps().forEach(step -> record.put(step.id() + " on " + step.node(), state(step)));
        view.effects()
                .forEach(effect -> record.put("effect of " + effect.step() + " on " + effect.node(), effect.action()));
        return record;
    }

    private static String state(StepRecord step) {
        StepState state = step.state() == StepState.ALREADY_DONE ? StepState.DONE : step.state();
        return state + " at try " + step.attempts();
    }

    /** One look at the whole cluster. */
    private record Look(Ports ports, String run, Map<String, String> seen) {

        private static final List<String> PROBES = List.of("workload", "dns", "storage");

        Look(Ports ports, String run) {
            this(ports, run, new TreeMap<>());
        }

        Map<String, String> world() {
            ports.kube().nodes().forEach(this::node);
            ports.etcd()
                    .members()
                    .forEach(member -> see(
                            "etcd " + member.name(), ports.etcd().status(member).version()));
            ports.kube().workloads().forEach(workload -> see("workload " + workload, workload.available()));
            PROBES.forEach(
                    probe -> see("pods of probe " + probe, ports.kube().pods("belay-" + run + "-" + probe, Map.of())));
            see("kubeadm's record", ports.kube().configMap("kube-system", "kubeadm-config"));
            ports.evidence().list("").forEach(this::kept);
            see(
                    "lock",
                    ports.kube().acquireLease("whoever-comes", "is it free?").orElse("free"));
            return seen;
        }

        private void node(KubeNode node) {
            NodeName name = node.name();
            see(name + " node", node.kubelet() + " ready " + node.ready() + " schedulable " + node.schedulable());
            see(name + " annotations", node.annotations().keySet());
            see(name + " held", said(name, "apt-mark", "showhold"));
            for (String part : List.of("kubeadm", "kubelet", "kubectl")) {
                see(name + " " + part, said(name, "dpkg-query", "-W", "-f", "${Version}", part));
            }
            for (String file : List.of(ports.inventory().packages().sourceFile(), "/var/lib/kubelet/config.yaml")) {
                see(name + " " + file, ports.hosts().on(name).read(file).map(String::new));
            }
            see(name + " containers", ports.hosts().on(name).list(List.of("/etc/kubernetes/manifests")));
        }

        /** Beside each archive lies a receipt or manifest with its sha256. */
        private void kept(Artifact artifact) {
            String beside = artifact.path().replaceFirst("(\\.tar\\.gz|\\.db)$", ".json");
            boolean whole = artifact.path().endsWith(".json")
                    || ports.evidence().read(beside).map(String::new).orElse("").contains(artifact.sha256());
            see("kept " + CrashPoint.plain(artifact.path()), whole ? "whole" : "not as its receipt says");
        }

        private String said(NodeName node, String... argv) {
            return ports.hosts().on(node).run(Command.of(argv)).out();
        }

        private void see(String what, Object how) {
            seen.put(what, String.valueOf(how));
        }
    }
}
