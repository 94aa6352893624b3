package dev.belay.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.activities.Done;
import dev.belay.activities.Ports;
import dev.belay.activities.Reversible;
import dev.belay.activities.StepBinding;
import dev.belay.activities.StepCatalogue;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepType;
import dev.belay.activities.Undoable;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.StepCall;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Steps by their names on a simulated cluster, without an engine. */
record Steps(SimulatedCluster cluster, Ports ports) {

    static final String RUN = "0badcafe";

    static Steps on(ClusterShape shape) {
        SimulatedCluster cluster = SimulatedCluster.of(shape);
        return new Steps(cluster, cluster.connect().ports());
    }

    /** The same by a worker that is lost right before, or right after, a change whose words contain these. */
    Steps lostAt(String change, boolean before) {
        Connection lost = cluster.connect();
        cluster.listen(new EffectListener() {
            @Override
            public void before(int number, String what) {
                if (before && what.contains(change)) {
                    lost.cut();
                }
            }

            @Override
            public void after(int number, String what) {
                if (!before && what.contains(change)) {
                    lost.cut();
                }
            }
        });
        return new Steps(cluster, lost.ports());
    }

    /** A worker is lost at a change of a step, and the next one does the step: the effects of both. */
    List<String> effectsOfLosing(String change, boolean before, String uses, Map<String, Object> with) {
        int made = cluster.effects().list().size();
        Steps lost = lostAt(change, before);
        assertThatThrownBy(() -> lost.run(uses, with)).isInstanceOf(WorkerLost.class);
        ports.clock().sleep(Duration.ofSeconds(20));
        run(uses, with);
        List<String> effects =
                cluster.effects().list().stream().map(String::valueOf).toList();
        return effects.subList(made, effects.size());
    }

    <O extends Record> Done<O> run(String uses, Map<String, Object> with) {
        return run(Calls.cluster(uses.replace('.', '-'), uses, 0), with);
    }

    <O extends Record> Done<O> run(String uses, String node, Map<String, Object> with) {
        return run(Calls.node(node, uses.replace('.', '-'), uses, 0), with);
    }

    <I extends Record, O extends Record> Done<O> run(StepCall call, Map<String, Object> with) {
        StepType<I, O> type = type(call);
        return type.run(StepBinding.input(type.input(), with), context(ports, call));
    }

    @SuppressWarnings("unchecked")
    <I extends Record, O extends Record> void undo(StepCall call, Map<String, Object> with) {
        StepType<I, O> type = type(call);
        assertThat(type).isInstanceOf(Undoable.class);
        ((Undoable<I, O>) type).undo(StepBinding.input(type.input(), with), null, context(ports, call));
    }

    @SuppressWarnings("unchecked")
    <I extends Record, O extends Record> void reverse(StepCall call) {
        StepType<I, O> type = type(call);
        assertThat(type).isInstanceOf(Reversible.class);
        ((Reversible<I, O>) type).reverse(StepBinding.input(type.input(), Map.of()), null, context(ports, call));
    }

    @SuppressWarnings("unchecked")
    private static <I extends Record, O extends Record> StepType<I, O> type(StepCall call) {
        return (StepType<I, O>) StepCatalogue.shipped().find(call.uses()).orElseThrow();
    }

    /** Nobody hears its heartbeat. */
    static StepContext context(Ports ports, StepCall call) {
        return new StepContext(
                call,
                ports.inventory(),
                ports.hosts(),
                ports.etcd(),
                ports.kube(),
                ports.evidence(),
                ports.clock(),
                () -> {});
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
