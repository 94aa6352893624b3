package dev.belay.twin;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.StepCall;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * A whole cluster that is not there: the same ports over one virtual world, the same for the same seed. Its time goes on when somebody waits,
 * at once; it cannot be set back, nor copied. Workers come and go by {@link Connection}s, the world stays.
 */
public final class SimulatedCluster {

    private final World world;
    private final Effects effects = new Effects();
    private final Misfortune misfortune;
    private volatile EffectListener listener = EffectListener.NONE;
    private volatile Consumer<StepCall> hearer = call -> {};

    private SimulatedCluster(ClusterShape shape, FaultPlan plan) {
        this.world = new Founding(shape).world();
        this.misfortune = new Misfortune(world, plan);
    }

    public static SimulatedCluster of(ClusterShape shape) {
        return new SimulatedCluster(shape, FaultPlan.none());
    }

    public static SimulatedCluster of(ClusterShape shape, FaultPlan faults) {
        return new SimulatedCluster(shape, faults);
    }

    /** A new worker's way in. */
    public Connection connect() {
        return new Connection(this);
    }

    public Cluster inventory() {
        return world.inventory();
    }

    public Instant now() {
        synchronized (world) {
            return world.time().now();
        }
    }

    /** Lets time go on until then; a time that has passed changes nothing. */
    public void advanceTo(Instant time) {
        synchronized (world) {
            world.time().advanceTo(time);
        }
    }

    /** What was changed through the ports, by whichever worker. */
    public Effects effects() {
        return effects;
    }

    public void listen(EffectListener by) {
        listener = by;
    }

    /** Who kills the worker when the plan says so, once for each such fault; it is told of the step. */
    public void onWorkerKilled(Consumer<StepCall> killer) {
        misfortune.onWorkerKilled(killer);
    }

    /** Who hears of each step before it begins. */
    public void onCall(Consumer<StepCall> by) {
        hearer = by;
    }

    /** The world at this moment, field by field. */
    public SortedMap<String, String> picture() {
        synchronized (world) {
            return WorldPicture.of(world);
        }
    }

    /** Somebody has looked after everything that a fault has broken. */
    public void mend() {
        synchronized (world) {
            misfortune.end();
        }
    }

    /** Takes the power from one node for so long. */
    public void powerCut(NodeName node, Duration dark) {
        synchronized (world) {
            world.machine(node).powerCut(dark);
        }
    }

    World world() {
        return world;
    }

    EffectListener listener() {
        return listener;
    }

    CallFaults faultsFor(StepCall call) {
        hearer.accept(call);
        return misfortune.faultsFor(call);
    }
}
