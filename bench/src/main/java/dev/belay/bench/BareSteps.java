package dev.belay.bench;

import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.activity.ActivityOptions;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The yardstick: the same number of activities that do nothing, called by a workflow without an engine, with the options the engine gives its own. */
@WorkflowInterface
public interface BareSteps {

    String QUEUE = "bench-bare";

    /** Calls {@code steps} activities, {@code atOnce} at a time. */
    @WorkflowMethod(name = "bench.bare")
    void run(int steps, int atOnce);

    /** Does nothing. */
    @ActivityInterface
    interface Nop {
        @ActivityMethod(name = "bench.nop")
        String nop(String step);
    }

    /** The activity. */
    final class NopImpl implements Nop {
        @Override
        public String nop(String step) {
            return step;
        }
    }

    /** The workflow. */
    final class Impl implements BareSteps {

        @Override
        public void run(int steps, int atOnce) {
            int[] live = {0};
            List<Promise<String>> all = new ArrayList<>();
            for (int i = 1; i <= steps; i++) {
                Workflow.await(() -> live[0] < atOnce);
                live[0]++;
                String step = "s" + i;
                all.add(Async.function(stub(step)::nop, step).handle((answer, failure) -> {
                    live[0]--;
                    return answer;
                }));
            }
            Promise.allOf(all).get();
        }

        private static Nop stub(String step) {
            return Workflow.newActivityStub(
                    Nop.class,
                    ActivityOptions.newBuilder()
                            .setStartToCloseTimeout(Duration.ofMinutes(2))
                            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                            .setDisableEagerExecution(true)
                            .setSummary("bench.nop (" + step + ")")
                            .build());
        }
    }
}
