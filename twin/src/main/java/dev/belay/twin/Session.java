package dev.belay.twin;

import java.util.function.Predicate;
import java.util.function.Supplier;

/** What all ports of one call share: whose call it is, its clock, its faults, and the one way to look at the world or change it. */
final class Session {

    private final SimulatedCluster cluster;
    private final Connection connection;
    private final CallFaults faults;
    private final CallClock clock;

    Session(SimulatedCluster cluster, Connection connection, CallFaults faults) {
        this.cluster = cluster;
        this.connection = connection;
        this.faults = faults;
        this.clock = new CallClock(cluster.world());
    }

    World world() {
        return cluster.world();
    }

    CallClock clock() {
        return clock;
    }

    CallFaults faults() {
        return faults;
    }

    void mustLive() {
        connection.mustLive();
    }

    <T> T look(Supplier<T> read) {
        mustLive();
        synchronized (world()) {
            world().time().advanceTo(world().time().now());
            return read.get();
        }
    }

    void act(String what, Runnable change) {
        act(
                what,
                () -> {
                    change.run();
                    return true;
                },
                done -> done);
    }

    /** One change that was asked for: numbered, done unless the worker is lost before it, and on record. */
    <T> T act(String what, Supplier<T> change, Predicate<T> changed) {
        mustLive();
        int number = cluster.effects().next();
        cluster.listener().before(number, what);
        T result = look(change);
        cluster.effects().record(changed.test(result) ? what : what + " (no change)");
        cluster.listener().after(number, what);
        faults.afterEffect();
        mustLive();
        return result;
    }
}
