package dev.belay.bench;

import dev.belay.activities.ClusterInspection;
import dev.belay.activities.Ports;
import dev.belay.activities.StepActivity;
import dev.belay.activities.StepCatalogue;
import dev.belay.activities.StepClock;
import dev.belay.activities.SystemClock;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.evidence.Evidence;
import dev.belay.activities.host.Hosts;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.plan.Plan;
import dev.belay.model.plan.PlanRequest;
import dev.belay.model.plan.Planner;
import dev.belay.model.runbook.OnFailure;
import dev.belay.model.runbook.Purpose;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.Step;
import dev.belay.model.runbook.TypedStep;
import dev.belay.twin.ClusterShape;
import dev.belay.twin.SimulatedCluster;
import dev.belay.workflows.RunInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A cluster of one control plane and one worker that is not there, on the wall's clock: steps that measure do not touch it. */
final class StandIn {

    private static final KubernetesVersion FROM = KubernetesVersion.parse("v1.33.13");
    private static final String TO = "v1.34.4";

    private final StepCatalogue catalogue;
    private final Ports ports;

    StandIn(StepCatalogue catalogue) {
        this.catalogue = catalogue;
        this.ports = new OnTheWall(
                SimulatedCluster.of(ClusterShape.small(FROM)).connect().ports(), new SystemClock());
    }

    String site() {
        return ports.inventory().site();
    }

    StepActivity steps() {
        return new StepActivity(catalogue, call -> ports, notice -> Table.say(notice.event() + ": " + notice.why()));
    }

    /** A run of these steps and no others, in its last phase: nothing is continued as new before it ends. */
    RunInput run(List<Step> steps) {
        Runbook runbook = new Runbook(
                "bench",
                "1.0.0",
                "measures",
                Purpose.UPGRADE,
                Map.of(),
                null,
                3,
                OnFailure.PARK,
                List.of(),
                List.of(),
                List.of(),
                steps);
        Plan plan = Planner.plan(PlanRequest.of(
                        runbook, ports.inventory(), ClusterInspection.read(ports), TO, catalogue.signatures()))
                .clear();
        return RunInput.of(plan, site(), "bench", "to measure", null);
    }

    /** Each step needs the one before. */
    static List<Step> chain(String uses, Map<String, Object> with, int length) {
        List<Step> steps = new ArrayList<>();
        for (int i = 1; i <= length; i++) {
            List<String> needs = i == 1 ? List.of() : List.of("s" + (i - 1));
            steps.add(new TypedStep("s" + i, needs, null, uses, with, null, null, OnFailure.PARK));
        }
        return steps;
    }

    /** No step needs another. */
    static List<Step> wide(String uses, int width) {
        List<Step> steps = new ArrayList<>();
        for (int i = 1; i <= width; i++) {
            steps.add(new TypedStep("s" + i, List.of(), null, uses, Map.of(), null, null, OnFailure.PARK));
        }
        return steps;
    }

    /** The ports of a simulated cluster; time passes as it does. */
    private record OnTheWall(Ports twin, StepClock clock) implements Ports {

        @Override
        public Cluster inventory() {
            return twin.inventory();
        }

        @Override
        public Hosts hosts() {
            return twin.hosts();
        }

        @Override
        public EtcdCluster etcd() {
            return twin.etcd();
        }

        @Override
        public KubeCluster kube() {
            return twin.kube();
        }

        @Override
        public Evidence evidence() {
            return twin.evidence();
        }

        @Override
        public void close() {
            twin.close();
        }
    }
}
