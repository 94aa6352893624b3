package dev.belay.activities.steps.restore;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.StaticPodShelf;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.etcd.MemberFolders;
import dev.belay.model.run.FailureKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes from a host what a run that put other data in their place has kept there: etcd's data of before, and after a restore manifests of the
 * newer version. Only what carries that run's mark. It cannot be undone, so its runbook asks first.
 */
public final class SignOff extends DeclaredStep<SignOff.Input, SignOff.Output> {

    private static final String RUN = "[0-9a-f]{8}";

    public record Input(
            @Doc("The run whose old data are no longer wanted, eight hex digits")
            String run) {}

    public record Output(@Doc("What was removed") List<String> removed) {}

    public SignOff() {
        super(
                "restore.signOff",
                "Removes the old etcd data and the newer manifests that a run kept on a host",
                Input.class,
                Output.class,
                Traits.node("10m", "5s").effect("old data removed"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        String mark = mark(input.run());
        Host host = context.host();
        List<String> removed = new ArrayList<>();
        if (context.inventory().etcdMembers().contains(context.node())) {
            MemberFolders folders = MemberFolders.of(mark, host, data(context));
            requireData(folders);
            folders.kept().forEach(path -> {
                folders.discard(path);
                removed.add(path);
            });
        }
        List<String> manifests = manifests(host, mark);
        manifests.forEach(host::remove);
        removed.addAll(manifests);
        return removed.isEmpty()
                ? Done.already(new Output(removed), context.node() + " keeps nothing of run " + input.run())
                : Done.done(new Output(removed), context.node() + ": removed " + String.join(", ", removed));
    }

    private static String mark(String run) {
        if (!run.matches(RUN)) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "BAD_INPUT",
                    "\"run\" should be the eight hex digits of a run, not \"" + run + "\"",
                    "belay list shows them");
        }
        return "belay-" + run;
    }

    private static String data(StepContext context) {
        return EtcdSettings.of(context.inventory(), context.host())
                .flatMap(settings -> settings.flag("--data-dir"))
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PRECONDITION,
                        "ETCD_STOPPED",
                        context.node() + ": there is no static pod of etcd, or it names no --data-dir",
                        "sign off only what runs again: etcd must be up everywhere"));
    }

    /** While they are missing, what was set aside may be all there is. */
    private static void requireData(MemberFolders folders) {
        if (!folders.isThere(folders.data())) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "DATA_MISSING",
                    folders.host().node() + ": " + folders.data()
                            + " is not there, so that the old data may be the only ones",
                    "finish the restore, or put the old data back");
        }
    }

    private static List<String> manifests(Host host, String mark) {
        return StaticPods.all().stream()
                .map(component -> StaticPodShelf.shelved(mark, component))
                .filter(path -> !host.list(List.of(path)).isEmpty())
                .toList();
    }
}
