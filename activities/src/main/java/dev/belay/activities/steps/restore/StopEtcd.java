package dev.belay.activities.steps.restore;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.Undoable;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.EtcdUnit;
import dev.belay.activities.steps.Nothing;
import dev.belay.activities.steps.StaticPodShelf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stops the member of a host and keeps it stopped, also when the host boots: the manifest of a static pod waits beside the kubelet's folder, the
 * unit of an external etcd has a drop-in with a condition that nothing meets, both under the run's mark. Undoing lets the member run again.
 */
public final class StopEtcd extends DeclaredStep<Nothing, StopEtcd.Output>
        implements Undoable<Nothing, StopEtcd.Output> {

    private static final String ETCD = "etcd";

    public record Output(@Doc("What keeps it stopped") String kept) {}

    public StopEtcd() {
        super(
                "etcd.stop",
                "Stops one member of etcd, a static pod or a unit of systemd, and keeps it stopped until the run starts it",
                Nothing.class,
                Output.class,
                Traits.node("10m", "20s").effect("etcd member stopped"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        if (EtcdSettings.isExternal(context.inventory(), context.node())) {
            new EtcdUnit(context, context.host()).stop();
            return done(context, EtcdUnit.dropIn(context.mark()));
        }
        StaticPodShelf shelf = new StaticPodShelf(context, context.host());
        shelf.takeOut(ETCD);
        shelf.awaitGone(List.of(ETCD));
        return done(context, StaticPodShelf.shelved(context.mark(), ETCD));
    }

    private static Done<Output> done(StepContext context, String kept) {
        return Done.done(new Output(kept), "etcd of " + context.node() + " is gone; " + kept + " keeps it so");
    }

    @Override
    public String undo(Nothing input, @Nullable Output output, StepContext context) {
        if (EtcdSettings.isExternal(context.inventory(), context.node())) {
            new EtcdUnit(context, context.host()).start();
            return EtcdSettings.UNIT + " of " + context.node() + " may run again, and was started";
        }
        new StaticPodShelf(context, context.host()).putBack(ETCD);
        return "etcd of " + context.node() + " has its manifest again";
    }
}
