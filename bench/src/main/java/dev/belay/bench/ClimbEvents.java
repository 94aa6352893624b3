package dev.belay.bench;

import dev.belay.activities.ClusterInspection;
import dev.belay.activities.StepCatalogue;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.plan.Plan;
import dev.belay.model.plan.PlanRequest;
import dev.belay.model.plan.Planner;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.RunbookReader;
import dev.belay.worker.Rehearsal;
import dev.belay.worker.TemporalConnection;
import dev.belay.workflows.Belay;
import dev.belay.workflows.NodeInput;
import dev.belay.workflows.RunInput;
import io.temporal.client.WorkflowClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Events in the histories of a climb: {@code events <cluster> [temporal run id]} on the configured server, or {@code events rehearse [from to]}
 * for a rehearsal of its own.
 */
final class ClimbEvents {

    private ClimbEvents() {}

    static void measure(String[] args) throws Exception {
        Table.machine();
        if (args.length > 0 && args[0].equals("rehearse")) {
            rehearse(args.length > 1 ? args[1] : "v1.33.13", args.length > 2 ? args[2] : "v1.34.4");
            return;
        }
        String cluster = args.length > 0 ? args[0] : "lab";
        try (TemporalConnection connection = TemporalConnection.open(null, System.getenv())) {
            count(connection.client(), Belay.workflowId(cluster), args.length > 1 ? args[1] : "");
        }
    }

    private static void rehearse(String from, String to) throws Exception {
        Path scratch = Files.createTempDirectory("belay-bench-");
        Rehearsal.Settings settings = Rehearsal.Settings.of(
                KubernetesVersion.parse(from), false, 1, List.of(), Map.of("XDG_STATE_HOME", scratch.toString()));
        try (Rehearsal rehearsal = Rehearsal.start(settings, Table::say)) {
            Plan plan = plan(rehearsal, to);
            rehearsal.run(RunInput.of(plan, rehearsal.ports().inventory().site(), "bench", "to count", null));
            String id = Belay.workflowId(plan.cluster().name());
            WorkflowClient client = rehearsal.connection().client();
            client.newUntypedWorkflowStub(id).getResult(Object.class);
            count(client, id, "");
        }
        Folders.remove(scratch);
    }

    private static Plan plan(Rehearsal rehearsal, String to) throws Exception {
        Path file = Path.of(System.getProperty("belay.root", "."), "runbooks", "kubeadm-minor.yaml");
        StepCatalogue catalogue = StepCatalogue.shipped();
        Runbook runbook = RunbookReader.read(file.toString(), Files.readAllBytes(file), catalogue.signatures());
        return Planner.plan(PlanRequest.of(
                        runbook,
                        rehearsal.ports().inventory(),
                        ClusterInspection.read(rehearsal.ports()),
                        to,
                        catalogue.signatures()))
                .clear();
    }

    private static void count(WorkflowClient client, String workflowId, String runId) {
        List<Histories.Story> climb = Histories.of(client, workflowId, runId);
        Table.head("workflow", "of", "events", "bytes");
        climb.forEach(story ->
                Table.row(story.id(), who(story), Integer.toString(story.events()), Long.toString(story.bytes())));
        summary(climb);
    }

    private static String who(Histories.Story story) {
        return story.node()
                .map(node -> node.node().name() + ", " + node.group())
                .orElse(story.type());
    }

    private static void summary(List<Histories.Story> climb) {
        Map<String, Integer> perNode = new TreeMap<>();
        for (Histories.Story story : climb) {
            story.node().ifPresent(node -> perNode.merge(place(node), story.events(), Integer::sum));
        }
        long hops =
                climb.stream().filter(story -> story.type().equals("belay.hop")).count();
        int all = climb.stream().mapToInt(Histories.Story::events).sum();
        System.out.println();
        Table.head("of a climb", "events");
        Table.row(
                "a node's own histories in one hop",
                figures(perNode.values().stream().toList(), n -> n).text(""));
        Table.row(
                "all histories, shared among " + perNode.size() + " visits of nodes in " + hops + " hop(s)",
                Figures.plain((double) all / Math.max(1, perNode.size())));
    }

    private static String place(NodeInput node) {
        return node.hop().to() + " " + node.node().name();
    }

    private static <T> Figures figures(List<T> all, ToDoubleFunction<T> value) {
        return new Figures(all.stream().mapToDouble(value).boxed().toList());
    }

    static String seconds(Duration duration) {
        return Figures.plain(duration.toMillis() / 1000.0) + " s";
    }
}
