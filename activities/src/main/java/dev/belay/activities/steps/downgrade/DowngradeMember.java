package dev.belay.activities.steps.downgrade;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.Undoable;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.StaticPodShelf;
import dev.belay.activities.steps.StaticPods;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes one member back: its manifest goes on the shelf, its processes end (a leader hands over as it ends), the kept manifest takes its place,
 * and the member must be up with the older version, caught up and of one mind with the others. Begun only while every member is well and its
 * data can be read by the older etcd. Undoing puts the newer manifest back, which etcd allows at any time.
 */
public final class DowngradeMember extends DeclaredStep<DowngradeMember.Input, DowngradeMember.Output>
        implements Undoable<DowngradeMember.Input, DowngradeMember.Output> {

    private static final String ETCD = "etcd";
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    public record Input(
            @Doc("The backup set that holds the old etcd manifests: <cluster>/<run>/<hop>/")
            String set,

            @Doc("etcd's minor to go back to, such as 3.5") String to) {}

    public record Output(
            @Doc("The version the member answers with") String version) {}

    public DowngradeMember() {
        super(
                "etcd.downgradeMember",
                "Takes the etcd member of a control plane back to the minor before, with the manifest that was kept",
                Input.class,
                Output.class,
                Traits.node("15m", "30s").effect("etcd member taken back"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        EtcdMinor target = EtcdMinor.parse(input.to());
        KeptManifest kept = KeptManifest.of(context, input.set(), context.host(), target);
        StaticPodShelf shelf = new StaticPodShelf(context, context.host());
        boolean already = kept.isInPlace() && !shelf.holds(ETCD);
        if (!kept.isInPlace()) {
            replace(context, shelf, kept, target);
        }
        shelf.awaitStarted(ETCD, Set.of());
        await(context, target);
        Output output = new Output(
                Members.of(context, target).version(context.node().value()).orElse(""));
        String words = "etcd member " + context.node() + " runs " + output.version();
        return already ? Done.already(output, words) : Done.done(output, words + ", caught up");
    }

    /** Where the newer manifest lies on the shelf already, an attempt before this one looked, and the member is down: it must come up. */
    private static void replace(StepContext context, StaticPodShelf shelf, KeptManifest kept, EtcdMinor target) {
        if (StaticPods.of(context.host()).pod(ETCD).isPresent()) {
            requireSafe(Members.of(context, target));
        }
        shelf.takeOut(ETCD);
        shelf.awaitGone(List.of(ETCD));
        kept.putInPlace();
    }

    /** One member is away at a time, and none before the older etcd can read its data. */
    private static void requireSafe(Members members) {
        List<String> missing = new ArrayList<>(members.problems());
        missing.addAll(members.notReady());
        if (!missing.isEmpty()) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "DOWNGRADE_UNSAFE",
                    Await.named(missing),
                    "heal what is named, see that the downgrade is enabled (etcd.enableDowngrade), then retry");
        }
    }

    private static void await(StepContext context, EtcdMinor wanted) {
        new Await(
                        context,
                        LIMIT,
                        PAUSE,
                        "ETCD_MEMBER_DOWN",
                        "look at the log of etcd in /var/log/pods on " + context.node()
                                + "; abort puts the newer manifest back, which lies beside the folder of manifests")
                .until(() -> missing(context, wanted));
    }

    private static List<String> missing(StepContext context, EtcdMinor wanted) {
        Members members = Members.of(context, wanted);
        List<String> missing = new ArrayList<>(members.problems());
        String version = members.version(context.node().value()).orElse("nothing");
        if (!wanted.isOf(version)) {
            missing.add("etcd member " + context.node() + " answers " + version + " instead of " + wanted);
        }
        return missing;
    }

    @Override
    public String undo(Input input, @Nullable Output output, StepContext context) {
        StaticPodShelf shelf = new StaticPodShelf(context, context.host());
        if (!shelf.holds(ETCD)) {
            return "etcd of " + context.node() + " has the manifest it had";
        }
        shelf.putBackOver(ETCD);
        await(context, EtcdMinor.parse(input.to()).next());
        return "etcd of " + context.node() + " has its newer manifest again, and runs";
    }
}
