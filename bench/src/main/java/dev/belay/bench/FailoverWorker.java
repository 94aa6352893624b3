package dev.belay.bench;

import dev.belay.activities.StepCatalogue;
import dev.belay.model.expression.Expressions;
import dev.belay.worker.BelayWorker;
import dev.belay.worker.TemporalConnection;
import java.util.List;

/** A worker in a process of its own. It polls once it is told to on standard input, until that ends or it is killed. */
final class FailoverWorker {

    static final String UP = "up";
    static final String READY = "ready";

    private FailoverWorker() {}

    static void work(String[] args) throws Exception {
        StandIn cluster = new StandIn(new StepCatalogue(List.of(new SlowStep())));
        Expressions.warm();
        try (TemporalConnection connection = DevServer.open(args[0])) {
            System.out.println(UP);
            if (System.in.read() >= 0) {
                work(connection, cluster);
            }
        }
    }

    private static void work(TemporalConnection connection, StandIn cluster) throws Exception {
        try (BelayWorker worker = BelayWorker.start(connection, cluster.site(), cluster.steps())) {
            System.out.println(READY + " " + worker.health());
            System.in.readAllBytes();
        }
    }
}
