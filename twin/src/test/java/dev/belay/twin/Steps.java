package dev.belay.twin;

import dev.belay.activities.Done;
import dev.belay.activities.Ports;
import dev.belay.activities.StepBinding;
import dev.belay.activities.StepCatalogue;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepType;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.StepCall;
import java.util.List;
import java.util.Map;

/** Steps by their names on a simulated cluster, without an engine. */
record Steps(SimulatedCluster cluster, Ports ports) {

    static final String RUN = "0badcafe";

    static Steps on(ClusterShape shape) {
        SimulatedCluster cluster = SimulatedCluster.of(shape);
        return new Steps(cluster, cluster.connect().ports());
    }

    <O extends Record> Done<O> run(String uses, Map<String, Object> with) {
        return run(Calls.cluster(uses.replace('.', '-'), uses, 0), with);
    }

    <O extends Record> Done<O> run(String uses, String node, Map<String, Object> with) {
        return run(Calls.node(node, uses.replace('.', '-'), uses, 0), with);
    }

    @SuppressWarnings("unchecked")
    private <I extends Record, O extends Record> Done<O> run(StepCall call, Map<String, Object> with) {
        StepType<I, O> type =
                (StepType<I, O>) StepCatalogue.shipped().find(call.uses()).orElseThrow();
        StepContext context = new StepContext(
                call,
                ports.inventory(),
                ports.hosts(),
                ports.etcd(),
                ports.kube(),
                ports.evidence(),
                ports.clock(),
                () -> {});
        return type.run(StepBinding.input(type.input(), with), context);
    }

    Commands commands() {
        return new Commands(ports);
    }

    /** Effects of one node since a number of them, in order, without those that changed nothing. */
    List<String> effectsOf(String node) {
        return cluster.effects().list().stream()
                .map(String::valueOf)
                .filter(effect -> effect.contains(new NodeName(node) + ": "))
                .filter(effect -> !effect.endsWith("(no change)"))
                .toList();
    }
}
