package dev.belay.bench;

import dev.belay.activities.Secrets;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.ClusterReader;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.run.RunView;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.worker.TemporalConnection;
import dev.belay.workflows.Belay;
import dev.belay.workflows.client.RunClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How long each hop of a run took, against what could not be shorter: {@code makespan <cluster> [temporal run id|-] [inventory]} on the
 * configured server. With an inventory the nodes are asked how long the commands themselves took; without, the steps that run them count.
 */
final class Makespan {

    private static final Set<String> COMMANDS =
            Set.of("packages.install", "kubeadm.plan", "kubeadm.apply", "kubeadm.node");
    private static final String KUBELET = "node.upgradeKubelet";

    private final RunView run;

    private Makespan(RunView run) {
        this.run = run;
    }

    static void measure(String[] args) throws Exception {
        String cluster = args.length > 0 ? args[0] : "lab";
        String runId = args.length > 1 && !args[1].equals("-") ? args[1] : null;
        try (TemporalConnection connection = TemporalConnection.open(null, System.getenv())) {
            Makespan makespan = new Makespan(RunClient.view(connection.client(), Belay.workflowId(cluster), runId));
            Table.machine();
            makespan.hops();
            makespan.whereTheTimeWent();
            if (args.length > 2) {
                makespan.commands(args[2]);
            }
        }
    }

    private void hops() {
        Table.head(
                "hop",
                "makespan without approvals",
                "approvals",
                "no step under way",
                "steps with a kubeadm or package command",
                "ratio",
                "with the kubelets' packages");
        run.hops().forEach(hop -> hop(hop.to()));
    }

    private void hop(KubernetesVersion to) {
        List<StepRecord> steps = ended(step -> step.hop().equals(to));
        if (steps.isEmpty()) {
            return;
        }
        Duration waited = covered(steps, step -> step.uses().equals("approval"));
        Duration makespan = span(steps).minus(waited);
        Duration idle = span(steps).minus(covered(steps, step -> !step.uses().equals("group")));
        Duration narrow = sum(steps, step -> COMMANDS.contains(step.uses()));
        Duration wide = narrow.plus(sum(steps, step -> step.uses().equals(KUBELET)));
        Table.row(
                to.toString(),
                ClimbEvents.seconds(makespan),
                ClimbEvents.seconds(waited),
                ClimbEvents.seconds(idle),
                ClimbEvents.seconds(narrow),
                ratio(makespan, narrow),
                ClimbEvents.seconds(wide) + ", " + ratio(makespan, wide));
    }

    private void whereTheTimeWent() {
        Map<String, Figures> byUse = new LinkedHashMap<>();
        for (StepRecord step : ended(step -> !step.uses().equals("group") && step.state() != StepState.SKIPPED)) {
            byUse.merge(step.uses(), Figures.none().with(seconds(step)), (all, one) -> all.with(one.median()));
        }
        System.out.println();
        Table.head("step type", "times", "all together", "one");
        byUse.forEach((uses, figures) -> Table.row(
                uses,
                Integer.toString(figures.values().size()),
                Figures.plain(figures.values().stream().mapToDouble(x -> x).sum()) + " s",
                figures.text(" s")));
    }

    private void commands(String inventory) throws Exception {
        Cluster cluster = ClusterReader.read(inventory, Files.readAllBytes(Path.of(inventory)));
        List<JobTimes.Job> jobs = JobTimes.of(cluster, new Secrets(System.getenv()), Objects.requireNonNull(run.run()));
        System.out.println();
        Table.head("hop", "kubeadm and package commands on the nodes", "together", "makespan over them");
        run.hops().forEach(hop -> {
            List<JobTimes.Job> own = jobs.stream()
                    .filter(job -> job.name().contains("-" + hop.to() + "-"))
                    .toList();
            Duration together = own.stream().map(JobTimes.Job::took).reduce(Duration.ZERO, Duration::plus);
            List<StepRecord> steps = ended(step -> step.hop().equals(hop.to()));
            Duration makespan =
                    span(steps).minus(covered(steps, step -> step.uses().equals("approval")));
            Table.row(
                    hop.to().toString(),
                    Integer.toString(own.size()),
                    ClimbEvents.seconds(together),
                    ratio(makespan, together));
        });
    }

    private List<StepRecord> ended(Predicate<StepRecord> which) {
        return run.steps().stream()
                .filter(step -> step.startedAt() != null && step.endedAt() != null)
                .filter(which)
                .toList();
    }

    private static Instant start(StepRecord step) {
        return Objects.requireNonNull(step.startedAt());
    }

    private static Instant end(StepRecord step) {
        return Objects.requireNonNull(step.endedAt());
    }

    private static double seconds(StepRecord step) {
        return Duration.between(start(step), end(step)).toMillis() / 1000.0;
    }

    private static Duration span(List<StepRecord> steps) {
        Instant first =
                steps.stream().map(Makespan::start).min(Instant::compareTo).orElseThrow();
        Instant last = steps.stream().map(Makespan::end).max(Instant::compareTo).orElseThrow();
        return Duration.between(first, last);
    }

    private static Duration sum(List<StepRecord> steps, Predicate<StepRecord> which) {
        return steps.stream()
                .filter(which)
                .map(step -> Duration.between(start(step), end(step)))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Time in which at least one of them was open. */
    private static Duration covered(List<StepRecord> steps, Predicate<StepRecord> which) {
        Duration covered = Duration.ZERO;
        Instant until = Instant.MIN;
        List<StepRecord> some = steps.stream()
                .filter(which)
                .sorted(Comparator.comparing(Makespan::start))
                .toList();
        for (StepRecord step : some) {
            Instant from = start(step).isBefore(until) ? until : start(step);
            if (end(step).isAfter(from)) {
                covered = covered.plus(Duration.between(from, end(step)));
                until = end(step);
            }
        }
        return covered;
    }

    private static String ratio(Duration of, Duration by) {
        return by.isZero() ? "" : String.format(Locale.ROOT, "%.2f", (double) of.toMillis() / by.toMillis());
    }
}
