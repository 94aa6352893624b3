package dev.belay.activities.steps.restore;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.backup.KeptFiles;
import dev.belay.activities.steps.node.KubeletService;
import dev.belay.activities.steps.packages.AptPackages;
import java.util.List;

/**
 * Takes a node's packages down to the version that is restored, puts the kubelet's files back as they were kept, and restarts the kubelet. The
 * API need not answer.
 */
public final class RestoreNode extends DeclaredStep<RestoreNode.Input, RestoreNode.Output> {

    public record Input(
            @Doc("The backup set: <cluster>/<run>/<hop>/") String set) {}

    public record Output(@Doc("Files that were put back") List<String> files) {}

    public RestoreNode() {
        super(
                "node.restore",
                "Takes kubeadm, kubelet and kubectl down to the version restored, with the kubelet's files as they were, and restarts it",
                Input.class,
                Output.class,
                Traits.node("20m", "30s").effect("node taken back"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        KeptFiles kept = BackupSet.of(context, input.set()).files(context.node());
        boolean packages = new AptPackages(context, context.call().hop().to(), true).install(AptPackages.ALL, true);
        KubeletService kubelet = new KubeletService(context);
        List<String> files = kubelet.putBack(kept);
        kubelet.restart();
        kubelet.awaitActive();
        return Done.done(
                new Output(files),
                (packages ? "packages at " + context.call().hop().to() : "packages were at it already") + ", "
                        + files.size() + " files put back, kubelet restarted");
    }
}
