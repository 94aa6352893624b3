package dev.belay.activities.steps.restore;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.EtcdUnit;
import dev.belay.activities.steps.StaticPodShelf;
import dev.belay.activities.steps.StaticPods;
import java.util.Set;

/**
 * Starts the member of a host that was stopped, and waits until its process runs, not until it serves, for which it needs the others: a static
 * pod by the manifest that was kept, an external etcd by its unit as it is.
 */
public final class StartEtcd extends DeclaredStep<StartEtcd.Input, StartEtcd.Output> {

    private static final String ETCD = "etcd";

    public record Input(
            @Doc("The backup set: <cluster>/<run>/<hop>/") String set) {}

    public record Output(@Doc("What runs it") String by) {}

    public StartEtcd() {
        super(
                "etcd.start",
                "Starts one member of etcd that the run had stopped, by the manifest that was kept or by its unit, and waits until it runs",
                Input.class,
                Output.class,
                Traits.node("10m", "20s").effect("etcd member started"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        if (EtcdSettings.isExternal(context.inventory(), context.node())) {
            EtcdUnit unit = new EtcdUnit(context, context.host());
            unit.start();
            unit.awaitStarted();
            return done(context, EtcdSettings.UNIT);
        }
        String manifest = StaticPods.manifest(ETCD);
        BackupSet.of(context, input.set()).files(context.node()).putBack(context.host(), manifest::equals);
        new StaticPodShelf(context, context.host()).awaitStarted(ETCD, Set.of());
        return done(context, manifest);
    }

    private static Done<Output> done(StepContext context, String by) {
        return Done.done(new Output(by), "etcd of " + context.node() + " runs by " + by);
    }
}
