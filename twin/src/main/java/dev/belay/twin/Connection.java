package dev.belay.twin;

import dev.belay.activities.Ports;
import dev.belay.model.run.StepCall;

/**
 * One worker's way to the simulated cluster. When it is cut, every later call through it throws {@link WorkerLost}, also those that are under
 * way; the world and the jobs in it go on, and another connection finds them.
 */
public final class Connection {

    private final SimulatedCluster cluster;
    private volatile boolean cut;

    Connection(SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    /** The ports of one step call, with the faults that are planned for it. */
    public Ports portsFor(StepCall call) {
        mustLive();
        return new CallPorts(new Session(cluster, this, cluster.faultsFor(call)));
    }

    /** The ports outside of any step, without faults. */
    public Ports ports() {
        mustLive();
        return new CallPorts(new Session(cluster, this, CallFaults.none()));
    }

    public void cut() {
        cut = true;
    }

    public boolean isCut() {
        return cut;
    }

    void mustLive() {
        if (cut) {
            throw new WorkerLost();
        }
    }
}
