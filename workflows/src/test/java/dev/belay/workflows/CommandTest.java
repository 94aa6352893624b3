package dev.belay.workflows;

import static dev.belay.workflows.Plans.check;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.Reply;
import dev.belay.model.run.RunStatus;
import dev.belay.workflows.client.AnotherRun;
import dev.belay.workflows.client.NoAnswer;
import dev.belay.workflows.client.RunClient;
import io.temporal.client.WorkflowStub;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {

    private final Engine engine = new Engine();
    private final ScriptedSteps steps = engine.steps();

    @AfterEach
    void close() {
        engine.close();
    }

    private String parked() {
        steps.fails("access", FailureKind.PERMANENT, "NO");
        String run = engine.start(Plans.on("cp1").prep(check("access")));
        steps.awaitNotice("PARKED access");
        return run;
    }

    private static Command command(String id, CommandKind kind, String reason, String digest) {
        return new Command(id, kind, "bob@desk", reason, "CHG-2", null, null, digest);
    }

    @Test
    void answersTheSameCommandOnceAndTheSameWay() {
        ScriptedSteps.Hold hold = steps.hold("never");
        parked();
        Command retry = command("one", CommandKind.RETRY, "again", null);

        Reply first = engine.send(retry);
        Reply second = engine.send(retry);

        assertThat(first.accepted()).isTrue();
        assertThat(second).isEqualTo(first);
        assertThat(engine.end().commands()).hasSize(1);
        StepsAssert.assertThat(steps).ran("access").times(2);
        hold.release();
    }

    @Test
    void refusesAKnownIdWithOtherContentAndKeepsBothOnRecord() {
        parked();
        engine.send(command("one", CommandKind.RESUME, "why not", null));

        Reply other = engine.send(command("one", CommandKind.RETRY, "again", null));

        assertThat(other).isEqualTo(new Reply(false, "command id one was used for another command before"));
        assertThat(engine.state().commands()).hasSize(2).noneMatch(record -> record.reply()
                .accepted());
    }

    @Test
    void refusesACommandForAnotherPlan() {
        String run = parked();

        Reply stale = engine.send(command("one", CommandKind.RETRY, "again", "sha256:older"));

        assertThat(stale)
                .isEqualTo(new Reply(
                        false, "the run follows plan sha256:plan, not sha256:older; look again: belay show " + run));
        assertThat(engine.send(command("two", CommandKind.RETRY, "again", "sha256:plan"))
                        .accepted())
                .isTrue();
        engine.end();
    }

    @ParameterizedTest
    @EnumSource(names = {"SKIP", "REJECT", "ABORT"})
    void refusesOnRecordWhatGivesSomethingUpWithoutAReason(CommandKind kind) {
        parked();

        Reply reply = engine.send(command("one", kind, " ", null));

        assertThat(reply).isEqualTo(new Reply(false, kind.text() + " needs a reason, which stands on record"));
        assertThat(engine.state().commands()).hasSize(1);
        assertThat(engine.state().aborting()).isFalse();
        assertThat(engine.state().status()).isEqualTo(RunStatus.PARKED);
    }

    @Test
    void saysThatRollbackIsNotBuilt() {
        parked();

        assertThat(engine.command(CommandKind.ROLLBACK).why()).startsWith("a rollback names a rung");
    }

    @Test
    void recordsWhoWhyAndTheTicketOfEachCommandRefusedOrNot() {
        parked();
        engine.send(command("one", CommandKind.RESUME, "a mistake", null));
        engine.send(command("two", CommandKind.RETRY, "network is back", null));

        RunState end = engine.end();

        assertThat(end.commands())
                .extracting(record -> record.command().actor() + " "
                        + record.command().reason() + " " + record.command().ticket() + " "
                        + record.reply().accepted())
                .containsExactly("bob@desk a mistake CHG-2 false", "bob@desk network is back CHG-2 true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   "})
    void refusesAMalformedCommandWithoutATrace(String actor) {
        parked();

        Reply reply = engine.send(new Command("one", CommandKind.RETRY, actor, "why", null, null, null, null));

        assertThat(reply).isEqualTo(new Reply(false, "a command needs an actor"));
        assertThat(engine.state().commands()).isEmpty();
    }

    @Test
    void isNotJammedByRubbish() {
        parked();
        WorkflowStub raw = engine.run();
        Map<String, Object> rubbish = new LinkedHashMap<>();
        rubbish.put("commandId", "x");
        rubbish.put("kind", "dance");
        rubbish.put("actor", "mallory");

        assertThatThrownBy(() -> raw.update("command", Reply.class, rubbish)).isNotNull();
        assertThatThrownBy(() -> raw.update("command", Reply.class, "; rm -rf /"))
                .isNotNull();
        assertThatThrownBy(() -> raw.update("command", Reply.class, Map.of("commandId", "y")))
                .isNotNull();

        assertThat(engine.command(CommandKind.RETRY).accepted()).isTrue();
        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void refusesASecondRunOfTheClusterAndNamesTheFirst() {
        String first = parked();

        assertThatThrownBy(() -> engine.start(Plans.on("cp1").prep(check("access"))))
                .isInstanceOfSatisfying(AnotherRun.class, other -> {
                    assertThat(other.run()).isEqualTo(first);
                    assertThat(other.author()).isEqualTo(Engine.AUTHOR);
                    assertThat(other.since()).isNotNull();
                })
                .hasMessageContaining("belay show " + first);
        engine.command(CommandKind.RETRY);
        engine.end();

        assertThat(engine.start(Plans.on("cp1").prep(check("access")))).isNotEqualTo(first);
    }

    @Test
    void saysSoWhenThereIsNoSuchRun() {
        assertThatThrownBy(() -> RunClient.view(engine.client(), Belay.workflowId("nowhere"), null))
                .isInstanceOf(NoAnswer.class)
                .hasMessageContaining("k8s-upgrade/nowhere");
    }

    @Test
    void refusesAPlanThatCannotBeRun() {
        assertThatThrownBy(() -> engine.start(Plans.on("cp1").prep(check("a", "b"), check("b", "a"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("wait for each other");
    }
}
