package dev.belay.worker;

import dev.belay.activities.Ports;
import dev.belay.activities.StepActivity;
import dev.belay.activities.StepCatalogue;
import dev.belay.activities.StepNotice;
import dev.belay.model.run.StepCall;
import dev.belay.twin.Connection;
import dev.belay.twin.SimulatedCluster;
import io.temporal.activity.DynamicActivity;
import io.temporal.common.converter.EncodedValues;
import java.util.function.Consumer;

/**
 * One worker over the twin. Unlike a real cluster's, its ports are made anew for each call, since faults strike single calls; so they are
 * closed after each call.
 */
final class RehearsedWorker {

    private final TemporalConnection connection;
    private final Connection cluster;
    private final BelayWorker worker;

    private RehearsedWorker(TemporalConnection connection, SimulatedCluster twin, Consumer<StepNotice> notices) {
        this.connection = connection;
        this.cluster = twin.connect();
        this.worker = BelayWorker.start(connection, twin.inventory().site(), new PortsPerCall(cluster, notices));
    }

    static RehearsedWorker start(String target, SimulatedCluster twin, Consumer<StepNotice> notices) {
        return new RehearsedWorker(TemporalConnection.embedded(target), twin, notices);
    }

    /** No answer to the server and no call to the cluster goes through any more; in this order, or a step could tell the server that it was cut. */
    void kill() {
        worker.kill();
        cluster.cut();
        connection.close();
    }

    /** Runs a step over ports of its own. */
    private static final class PortsPerCall implements DynamicActivity {

        private final Connection cluster;
        private final StepActivity steps;
        private static final ThreadLocal<Ports> OPEN = new ThreadLocal<>();

        PortsPerCall(Connection cluster, Consumer<StepNotice> notices) {
            this.cluster = cluster;
            this.steps = new StepActivity(StepCatalogue.shipped(), this::portsFor, notices);
        }

        private Ports portsFor(StepCall call) {
            Ports ports = cluster.portsFor(call);
            OPEN.set(ports);
            return ports;
        }

        @Override
        public Object execute(EncodedValues arguments) {
            try {
                return steps.execute(arguments);
            } finally {
                Ports ports = OPEN.get();
                OPEN.remove();
                if (ports != null) {
                    ports.close();
                }
            }
        }
    }
}
