package dev.belay.workflows;

import static dev.belay.workflows.Plans.change;
import static dev.belay.workflows.Plans.check;
import static dev.belay.workflows.Plans.controlPlanes;
import static dev.belay.workflows.Plans.pool;
import static dev.belay.workflows.Plans.soak;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.run.RunStatus;
import dev.belay.model.run.StepState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StraightRunTest {

    private final Engine engine = new Engine();

    @AfterEach
    void close() {
        engine.close();
    }

    private static Plans climb() {
        return Plans.on("cp1", "cp2", "w1", "w2", "w3")
                .climbing("v1.33.13", "v1.34.4", "v1.35.1")
                .prep(check("access"), change("snapshot", "access"))
                .controlPlane(controlPlanes("members", change("apply"), check("healthy", "apply")))
                .workers(pool(1, 2, change("cordon"), change("drain", "cordon"), change("kubelet", "drain")))
                .verify(soak("rest", "30s"), check("reached", "rest"));
    }

    @Test
    void climbsPhaseByPhaseAndHopByHop() {
        RunState end = engine.climb(climb());

        assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
        for (String hop : new String[] {"v1.34.4 ", "v1.35.1 "}) {
            StepsAssert.assertThat(engine.steps())
                    .ranInOrder(
                            hop + "access",
                            hop + "snapshot",
                            hop + "apply cp1",
                            hop + "healthy cp1",
                            hop + "apply cp2",
                            hop + "healthy cp2",
                            hop + "cordon w1",
                            hop + "drain w1",
                            hop + "kubelet w1")
                    .ran(hop + "kubelet w1")
                    .before(hop + "cordon w2")
                    .before(hop + "cordon w3")
                    .ran(hop + "kubelet w2")
                    .before(hop + "reached")
                    .ran(hop + "kubelet w3")
                    .before(hop + "reached");
        }
        StepsAssert.assertThat(engine.steps()).ran("v1.34.4 reached").before("v1.35.1 access");
    }

    @Test
    void showsEveryStepAndPhaseDoneAndEveryEffectInTheOrderOfArming() {
        engine.climb(climb());

        var view = engine.view();

        assertThat(view.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(view.parked()).isNull();
        assertThat(view.steps()).hasSize(2 * (2 + 2 * 2 + 3 * 3 + 2)).allMatch(step -> step.state() == StepState.DONE);
        assertThat(view.hops()).hasSize(2);
        assertThat(view.hops().get(1).phases()).hasSize(4).allMatch(phase -> phase.state() == StepState.DONE);
        assertThat(view.effects()).hasSize(2 * (1 + 2 + 9));
        assertThat(view.effects().get(0).action()).isEqualTo("snapshot done");
        assertThat(view.effects()).isSortedAccordingTo((a, b) -> Integer.compare(a.seq(), b.seq()));
    }
}
