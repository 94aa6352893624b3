package dev.belay.workflows;

import static dev.belay.workflows.Plans.pool;
import static dev.belay.workflows.Plans.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.RunStatus;
import dev.belay.model.runbook.GroupStep;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Histories stay small enough to read, and far from the server's limits (51,200 events; continue-as-new suggested at 4,096). */
class EventCountTest {

    private final Engine engine = new Engine();

    @AfterEach
    void close() {
        engine.close();
    }

    private static GroupStep workers(int batch) {
        return pool(
                1,
                batch,
                step("do.install", "workerKubeadm"),
                step("must.node", "workerConfig", "workerKubeadm"),
                step("do.cordon", "cordon", "workerConfig"),
                step("must.drain", "drain", "cordon"),
                step("must.kubelet", "kubelet", "drain"),
                step("check.ready", "ready", "kubelet"),
                step("do.uncordon", "uncordon", "ready"),
                step("check.available", "available", "uncordon"));
    }

    @Test
    void aNodeTakesAtMostOneHundredAndFiftyEvents() {
        String run = engine.start(Plans.on("w1").workers(workers(1)));
        engine.end();

        String hop = Belay.hopId(
                Belay.workflowId("lab"), run, Plans.on("w1").plan().hops().get(0));
        String node = Belay.nodeId(hop, new NodeName("w1"), "pool", 1);
        assertThat(engine.history(node).getEvents()).hasSizeLessThanOrEqualTo(60);
    }

    @Test
    void aHundredWorkersFitInOneHop() {
        String[] nodes = IntStream.rangeClosed(1, 100).mapToObj(i -> "w" + i).toArray(String[]::new);
        String run = engine.start(Plans.on(nodes).workers(workers(20)));
        RunState end = engine.end();

        assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
        String hop = Belay.hopId(Belay.workflowId("lab"), run, end.plan().hops().get(0));
        var history = engine.history(hop);
        int result = history.getLastEvent()
                .getWorkflowExecutionCompletedEventAttributes()
                .getResult()
                .getSerializedSize();
        assertThat(history.getEvents()).hasSizeLessThanOrEqualTo(100 * 6 + 100);
        assertThat(result).as("bytes of the hop's result, of at most 2 MB").isLessThan(700_000);
    }
}
