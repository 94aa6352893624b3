package dev.belay.worker;

import dev.belay.activities.Ports;
import dev.belay.activities.RealPorts;
import dev.belay.activities.Secrets;
import dev.belay.activities.StepActivity;
import dev.belay.activities.StepCatalogue;
import dev.belay.activities.StepFailure;
import dev.belay.activities.StepNotice;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.plan.CanonicalJson;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepCall;
import java.util.Map;
import java.util.function.Consumer;

/** The worker of one real cluster: its inventory, the ports made from it, and who is told when a run waits for a person. */
public final class SiteWorker implements AutoCloseable {

    private final Cluster inventory;
    private final String inventoryDigest;
    private final Ports ports;
    private final BelayWorker worker;

    private SiteWorker(
            TemporalConnection connection, Cluster inventory, Map<String, String> environment, Consumer<String> told) {
        this.inventory = inventory;
        this.inventoryDigest = CanonicalJson.digest(inventory);
        this.ports = new RealPorts(inventory, new Secrets(environment));
        this.worker = BelayWorker.start(
                connection,
                inventory.site(),
                new StepActivity(StepCatalogue.shipped(), this::portsFor, notice -> told.accept(words(notice))));
    }

    public static SiteWorker start(
            TemporalConnection connection, Cluster inventory, Map<String, String> environment, Consumer<String> told) {
        return new SiteWorker(connection, inventory, environment, told);
    }

    /** A run goes by the inventory it was planned with: another one here would act on what nobody approved. */
    private Ports portsFor(StepCall call) {
        if (!call.cluster().equals(inventory.name())) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "WRONG_CLUSTER",
                    "this worker serves cluster " + inventory.name() + ", not " + call.cluster(),
                    "give each cluster's inventory a site of its own, or start its worker there");
        }
        if (!call.inventoryDigest().equals(inventoryDigest)) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "INVENTORY_CHANGED",
                    "the run was planned with inventory " + call.inventoryDigest() + ", this worker has "
                            + inventoryDigest,
                    "start the worker with the inventory as it was planned and retry, or abort and plan again");
        }
        return ports;
    }

    private static String words(StepNotice notice) {
        String at = notice.node().isEmpty() ? notice.step() : notice.step() + " on " + notice.node();
        return "run " + notice.call().run() + " " + notice.event() + " at " + at + ": " + notice.why();
    }

    /** See {@link BelayWorker#health}. */
    public String health() {
        return worker.health();
    }

    @Override
    public synchronized void close() {
        worker.close();
        ports.close();
    }
}
