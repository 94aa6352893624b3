package dev.belay.activities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.belay.activities.fake.FakeWorld;
import dev.belay.model.plan.Json;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepOutcome;
import dev.belay.model.run.StepState;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.RetryOptions;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StepActivityTest {

    public record Input(
            @Doc(value = "How loud", byDefault = "3") int volume) {}

    public record Output(@Doc("What was said") String said) {}

    private final FakeWorld world = new FakeWorld();
    private final List<StepNotice> notices = new ArrayList<>();
    private final List<String> undone = new ArrayList<>();
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private Function<StepContext, Done<Output>> behaviour = context -> Done.done(new Output("hello"), "said hello");
    private TestWorkflowEnvironment environment;

    /** A step type that does what a test says. */
    private final class Speak implements StepType<Input, Output>, Undoable<Input, Output> {
        @Override
        public String name() {
            return "test.speak";
        }

        @Override
        public String summary() {
            return "Speaks";
        }

        @Override
        public Class<Input> input() {
            return Input.class;
        }

        @Override
        public Class<Output> output() {
            return Output.class;
        }

        @Override
        public boolean perNode() {
            return false;
        }

        @Override
        public String action() {
            return "spoken";
        }

        @Override
        public Duration timeout() {
            return Duration.ofMinutes(1);
        }

        @Override
        public Duration estimate() {
            return Duration.ofSeconds(1);
        }

        @Override
        public Done<Output> run(Input input, StepContext context) {
            return behaviour.apply(context);
        }

        @Override
        public String undo(Input input, @Nullable Output output, StepContext context) {
            undone.add(input.volume() + " " + output);
            return "silent";
        }
    }

    @WorkflowInterface
    public interface One {
        @WorkflowMethod
        StepOutcome run(String type, StepCall call);
    }

    public static final class OneWorkflow implements One {
        @Override
        public StepOutcome run(String type, StepCall call) {
            ActivityOptions options = ActivityOptions.newBuilder()
                    .setStartToCloseTimeout(Duration.ofMinutes(2))
                    .setHeartbeatTimeout(Duration.ofSeconds(10))
                    .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                    .setRetryOptions(RetryOptions.newBuilder()
                            .setInitialInterval(Duration.ofSeconds(1))
                            .build())
                    .build();
            return Workflow.newUntypedActivityStub(options).execute(type, StepOutcome.class, call);
        }
    }

    @BeforeEach
    void start() {
        var converter = DefaultDataConverter.newDefaultInstance()
                .withPayloadConverterOverrides(new JacksonJsonPayloadConverter(Json.mapper()));
        environment = TestWorkflowEnvironment.newInstance(TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(WorkflowClientOptions.newBuilder()
                        .setDataConverter(converter)
                        .build())
                .setWorkflowServiceStubsOptions(WorkflowServiceStubsOptions.newBuilder()
                        .setGrpcClientInterceptors(List.of(new ServerCalls(calls)))
                        .build())
                .build());
        var worker = environment.newWorker("site");
        worker.registerWorkflowImplementationTypes(OneWorkflow.class);
        worker.registerActivitiesImplementations(
                new StepActivity(new StepCatalogue(List.of(new Speak())), call -> world, notices::add));
        environment.start();
    }

    @AfterEach
    void stop() {
        environment.close();
    }

    @Test
    void givesBackWhatTheStepDid() {
        StepOutcome outcome = run("test.speak", call(Map.of(), null));

        assertThat(outcome.state()).isEqualTo(StepState.DONE);
        assertThat(outcome.step()).isEqualTo("it");
        assertThat(outcome.output()).isEqualTo(Map.of("said", "hello"));
        assertThat(outcome.startedAt()).isEqualTo(world.clock().now());
    }

    @Test
    void costsTheServerNoHeartbeatWhenItIsShort() {
        run("test.speak", call(Map.of(), null));

        assertThat(calls).contains("RespondActivityTaskCompleted").doesNotContain("RecordActivityTaskHeartbeat");
    }

    @Test
    void skipsAStepWhoseConditionDoesNotHold() {
        behaviour = context -> {
            throw new AssertionError("must not run");
        };

        StepOutcome outcome = run("test.speak", call(Map.of(), "false"));

        assertThat(outcome.state()).isEqualTo(StepState.SKIPPED);
        assertThat(outcome.why()).contains("false");
    }

    @Test
    void undoesWithTheInputAndOutputOfTheStep() {
        StepOutcome outcome = run("test.speak.undo", call(Map.of("volume", 7), Map.of("said", "hello"), null));

        assertThat(outcome.state()).isEqualTo(StepState.UNDONE);
        assertThat(undone).containsExactly("7 Output[said=hello]");
    }

    @Test
    void undoesWithoutAnOutputThatIsNotKnown() {
        run("test.speak.undo", call(Map.of(), null));

        assertThat(undone).containsExactly("3 null");
    }

    @Test
    void triesATransientFailureAsOftenAsTheStepMayAndNoMore() {
        List<Integer> attempts = new ArrayList<>();
        behaviour = context -> {
            attempts.add(attempts.size() + 1);
            throw StepFailure.of(FailureKind.TRANSIENT, "API_UNAVAILABLE", "no answer", "wait");
        };

        Failure failure = failureOf("test.speak", call(Map.of(), null));

        assertThat(attempts).hasSize(3);
        assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT);
        assertThat(failure.code()).isEqualTo("API_UNAVAILABLE");
    }

    @Test
    void countsAsItsOwnWhatAnEarlierAttemptMayHaveDone() {
        List<Integer> attempts = new ArrayList<>();
        behaviour = context -> {
            attempts.add(attempts.size() + 1);
            if (attempts.size() == 1) {
                throw StepFailure.of(FailureKind.TRANSIENT, "CONNECTION_LOST", "no answer", "wait");
            }
            return Done.already(new Output("hello"), "was said before");
        };

        StepOutcome later = run("test.speak", call(Map.of(), null));
        StepOutcome first = run("test.speak", call(Map.of(), null));

        assertThat(later.state()).isEqualTo(StepState.DONE);
        assertThat(later.why()).startsWith("was said before");
        assertThat(first.state()).isEqualTo(StepState.ALREADY_DONE);
    }

    @Test
    void lastsSinceItsFirstAttempt() {
        List<Integer> attempts = new ArrayList<>();
        behaviour = context -> {
            attempts.add(1);
            if (attempts.size() < 3) {
                throw StepFailure.of(FailureKind.TRANSIENT, "CONNECTION_LOST", "no answer", "wait");
            }
            return Done.done(new Output("hello"), "said hello");
        };

        StepOutcome third = run("test.speak", call(Map.of(), null));
        StepOutcome first = run("test.speak", call(Map.of(), null));

        Duration backoffs = Duration.ofSeconds(1 + 2);
        assertThat(Duration.between(third.startedAt(), third.endedAt())).isGreaterThanOrEqualTo(backoffs);
        assertThat(Duration.between(first.startedAt(), first.endedAt())).isLessThan(backoffs);
    }

    @Test
    void doesNotTryAgainWhatAPersonMustDecide() {
        List<Integer> attempts = new ArrayList<>();
        behaviour = context -> {
            attempts.add(1);
            throw StepFailure.of(FailureKind.PRECONDITION, "DRAIN_BLOCKED", "a budget", "scale up");
        };

        Failure failure = failureOf("test.speak", call(Map.of(), null));

        assertThat(attempts).hasSize(1);
        assertThat(failure.next()).isEqualTo("scale up");
    }

    @Test
    void callsWhatItDoesNotKnowABugAndKeepsItsSecrets() {
        behaviour = context -> {
            throw new IllegalStateException("--token abcdef.0123456789abcdef");
        };

        Failure failure = failureOf("test.speak", call(Map.of(), null));

        assertThat(failure.code()).isEqualTo("BUG");
        assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
        assertThat(failure.why()).contains("IllegalStateException").doesNotContain("0123456789abcdef");
        assertThat(failure.evidence()).contains("StepActivityTest");
    }

    @Test
    void refusesInputsThatTheStepDoesNotHave() {
        Failure failure = failureOf("test.speak", call(Map.of("volume", "loud; rm -rf /", "colour", "red"), null));

        assertThat(failure.code()).isEqualTo("BAD_INPUT");
        assertThat(failure.why())
                .contains("\"volume\" should be a whole number")
                .contains("\"colour\" is not an input");
    }

    @Test
    void saysWhichStepTypeIsMissing() {
        Failure failure = failureOf("test.sing", call(Map.of(), null));

        assertThat(failure.code()).isEqualTo("UNKNOWN_STEP_TYPE");
        assertThat(failure.why()).contains("test.sing");
    }

    @Test
    void evaluatesAConditionAndADurationForTheEngine() {
        StepOutcome outcome = run("belay.evaluate", call(Map.of("duration", "1m30s"), "true"));

        assertThat(outcome.output()).isEqualTo(Map.of("holds", true, "durationSeconds", 90));
    }

    @Test
    void resolvesReferencesAndSaysWhichOneHasNoValue() {
        StepOutcome outcome = run("test.speak", call(Map.of("volume", "${{ hop.index + 4 }}"), "hop.first"));
        Failure failure = failureOf("test.speak", call(Map.of("volume", "${{ steps.gone.volume }}"), null));

        assertThat(outcome.state()).isEqualTo(StepState.DONE);
        assertThat(failure.code()).isEqualTo("EXPRESSION");
        assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
        assertThat(failure.why()).contains("steps.gone.volume");
    }

    @Test
    void tellsTheWorldThatAPersonIsAwaited() {
        run("belay.notice", call(Map.of("event", "PARKED", "step", "drain", "node", "w1", "why", "a budget"), null));

        assertThat(notices).singleElement().satisfies(notice -> {
            assertThat(notice.event()).isEqualTo("PARKED");
            assertThat(notice.node()).isEqualTo("w1");
            assertThat(notice.why()).isEqualTo("a budget");
        });
    }

    @Test
    void letsGoWhereItWaitsWhenItIsCancelled() throws InterruptedException {
        CountDownLatch waiting = new CountDownLatch(1);
        List<String> ends = new ArrayList<>();
        behaviour = context -> {
            waiting.countDown();
            try {
                while (true) {
                    TimeUnit.MILLISECONDS.sleep(50);
                    context.clock().sleep(Duration.ofSeconds(1));
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } catch (RuntimeException e) {
                ends.add(e.getClass().getSimpleName());
                throw e;
            }
        };
        WorkflowStub stub = start("test.speak", call(Map.of(), null));
        waiting.await();

        stub.cancel();

        assertThat(catchThrowable(() -> stub.getResult(StepOutcome.class))).isNotNull();
        assertThat(ends).containsExactly("ActivityCanceledException");
    }

    private StepOutcome run(String type, StepCall call) {
        return start(type, call).getResult(StepOutcome.class);
    }

    private Failure failureOf(String type, StepCall call) {
        Throwable thrown = catchThrowable(() -> run(type, call));
        return Failures.fromTemporal(thrown).orElseThrow();
    }

    private WorkflowStub start(String type, StepCall call) {
        WorkflowStub stub = environment
                .getWorkflowClient()
                .newUntypedWorkflowStub(
                        "One", WorkflowOptions.newBuilder().setTaskQueue("site").build());
        stub.start(type, call);
        return stub;
    }

    private StepCall call(Map<String, Object> with, @Nullable String when) {
        return call(with, null, when);
    }

    private StepCall call(Map<String, Object> with, @Nullable Map<String, Object> undoOf, @Nullable String when) {
        StepCall plain = world.context("test.speak").call();
        return new StepCall(
                plain.run(),
                plain.cluster(),
                plain.planDigest(),
                plain.inventoryDigest(),
                plain.hop(),
                plain.phase(),
                null,
                plain.step(),
                plain.uses(),
                0,
                with,
                when,
                Map.of(),
                Map.of(),
                plain.timeout(),
                3,
                undoOf);
    }
}
