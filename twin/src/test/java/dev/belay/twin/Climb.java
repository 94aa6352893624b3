package dev.belay.twin;

import dev.belay.activities.ClusterInspection;
import dev.belay.activities.Done;
import dev.belay.activities.Ports;
import dev.belay.activities.StepBinding;
import dev.belay.activities.StepCatalogue;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.StepType;
import dev.belay.model.expression.Expressions;
import dev.belay.model.expression.Scope;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Expansion;
import dev.belay.model.plan.Plan;
import dev.belay.model.plan.PlanRequest;
import dev.belay.model.plan.PlannedStep;
import dev.belay.model.plan.Planner;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepCall.NodeCall;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.GroupStep;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.RunbookReader;
import dev.belay.model.runbook.SoakStep;
import dev.belay.model.runbook.Step;
import dev.belay.model.runbook.TypedStep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The shipped runbook on a simulated cluster, step after step, without Temporal: what each step type does is all there is. */
final class Climb {

    private static final Path RUNBOOK = Path.of("..", "runbooks", "kubeadm-minor.yaml");
    private static final StepCatalogue CATALOGUE = StepCatalogue.shipped();
    private static final int REDOS = 2;

    private final SimulatedCluster cluster;
    private final Plan plan;
    private final Map<String, Step> steps = new TreeMap<>();
    private final Map<NodeName, NodeCall> nodes;
    private final Map<String, Map<String, Object>> outputs = new LinkedHashMap<>();
    private final List<String> story = new ArrayList<>();
    private Connection connection;

    private Climb(SimulatedCluster cluster, Plan plan) {
        this.cluster = cluster;
        this.plan = plan;
        this.nodes = Expansion.nodeCalls(plan.cluster());
        this.connection = cluster.connect();
        for (Phase phase : Phase.values()) {
            plan.runbook().phase(phase).forEach(this::index);
        }
    }

    static Climb to(String target, SimulatedCluster cluster) {
        return new Climb(cluster, plan(target, cluster));
    }

    /** Every hop, phase, node and step. A step that fails is retried by a person at once. Gives one line a step. */
    List<String> run() {
        for (PlannedStep planned : Expansion.steps(plan)) {
            Step step = steps.get(planned.id());
            if (step instanceof TypedStep typed) {
                story.add(where(planned) + ": " + untilDone(planned, typed));
            } else if (step instanceof SoakStep) {
                cluster.advanceTo(cluster.now().plus(Duration.ofSeconds(30)));
            }
        }
        return story;
    }

    /** Cuts the worker once, when a change whose text holds this has been made. */
    EffectListener losingTheWorkerAfter(String change) {
        Connection first = connection;
        return new EffectListener() {
            @Override
            public void after(int number, String what) {
                if (what.contains(change)) {
                    first.cut();
                }
            }
        };
    }

    /** As {@code belay plan} makes it. */
    private static Plan plan(String target, SimulatedCluster cluster) {
        Runbook runbook = RunbookReader.read("kubeadm-minor.yaml", content(), CATALOGUE.signatures());
        Ports ports = cluster.connect().ports();
        return Planner.plan(new PlanRequest(
                        runbook,
                        cluster.inventory(),
                        ClusterInspection.of(ports).facts(),
                        target,
                        List.of(),
                        Map.of(),
                        Map.of(),
                        CATALOGUE.signatures()))
                .clear();
    }

    private String untilDone(PlannedStep planned, TypedStep typed) {
        for (int redo = 0; ; redo++) {
            try {
                return attempts(planned, call(planned, typed, redo));
            } catch (StepFailure failure) {
                story.add(where(planned) + ": " + failure.failure().code());
                if (redo == REDOS) {
                    throw new AssertionError(where(planned) + ": " + failure.failure() + "\n" + story, failure);
                }
            }
        }
    }

    private String attempts(PlannedStep planned, StepCall call) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(planned, call);
            } catch (WorkerLost lost) {
                connection = cluster.connect();
                story.add(where(planned) + ": worker lost");
            } catch (StepFailure failure) {
                if (!failure.failure().kind().isRetryable() || attempt >= call.attempts()) {
                    throw failure;
                }
                cluster.advanceTo(cluster.now().plusSeconds(5));
            }
        }
    }

    private String once(PlannedStep planned, StepCall call) {
        if (call.when() != null && !Expressions.holds(call.when(), Scope.of(call))) {
            return StepState.SKIPPED.name();
        }
        Done<?> done = run(CATALOGUE.find(call.uses()).orElseThrow(), call, connection.portsFor(call));
        outputs.put(key(planned), StepBinding.output(done.output()));
        return done.state().name();
    }

    private static <I extends Record, O extends Record> Done<O> run(StepType<I, O> type, StepCall call, Ports ports) {
        I input = StepBinding.input(type.input(), Expressions.resolve(call.with(), Scope.of(call)));
        return type.run(
                input,
                new StepContext(
                        call,
                        ports.inventory(),
                        ports.hosts(),
                        ports.etcd(),
                        ports.kube(),
                        ports.evidence(),
                        ports.clock(),
                        () -> {}));
    }

    private StepCall call(PlannedStep planned, TypedStep typed, int redo) {
        Hop hop = plan.hops().stream()
                .filter(each -> each.to().equals(planned.hop()))
                .findFirst()
                .orElseThrow();
        return new StepCall(
                "0badcafe",
                plan.cluster().name(),
                plan.digest(),
                plan.inventoryDigest(),
                hop,
                planned.phase(),
                planned.node() == null ? null : nodes.get(planned.node()),
                typed.id(),
                typed.uses(),
                redo,
                typed.with(),
                typed.when(),
                plan.runbook().values(plan.inputs()),
                seen(planned),
                timeout(typed),
                3,
                null);
    }

    private Duration timeout(TypedStep typed) {
        Duration own = typed.timeout();
        return own == null ? CATALOGUE.find(typed.uses()).orElseThrow().timeout() : own;
    }

    private Map<String, Map<String, Object>> seen(PlannedStep planned) {
        Map<String, Map<String, Object>> seen = new LinkedHashMap<>();
        steps.keySet().forEach(id -> {
            Map<String, Object> output = outputs.get(key(planned.hop() + "", planned.node(), id));
            if (output != null) {
                seen.put(id, output);
            }
        });
        return seen;
    }

    private void index(Step step) {
        steps.put(step.id(), step);
        if (step instanceof GroupStep group) {
            group.steps().forEach(this::index);
        }
    }

    private static String where(PlannedStep planned) {
        return planned.hop() + (planned.node() == null ? " " : " " + planned.node() + " ") + planned.id();
    }

    private static String key(PlannedStep planned) {
        return key(planned.hop().toString(), planned.node(), planned.id());
    }

    private static String key(String hop, @Nullable NodeName node, String step) {
        return hop + "/" + node + "/" + step;
    }

    private static byte[] content() {
        try {
            return Files.readAllBytes(RUNBOOK);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
