package dev.belay.workflows;

import static dev.belay.workflows.Plans.approvalBy;
import static dev.belay.workflows.Plans.check;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.model.approval.Person;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.CommandRecord;
import dev.belay.model.run.Reply;
import dev.belay.model.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the inventory lists people, signatures of the real ssh-keygen decide. */
class SignedApprovalTest {

    @TempDir
    private Path dir;

    private final Engine engine = new Engine();
    private final ScriptedSteps steps = engine.steps();

    @BeforeEach
    void twoLeadsAndOneWhoIsNone() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/ssh-keygen")), "no ssh-keygen: install openssh-client");
        for (String key : List.of("ada", "ada-second", "linus", "eve", "mallory")) {
            keygen(
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-C",
                    key,
                    "-f",
                    dir.resolve(key).toString());
        }
        engine.start(Plans.on("cp1")
                .signedBy(
                        new Person("ada", List.of("lead"), List.of(line("ada"), line("ada-second"))),
                        new Person("linus", List.of("lead"), List.of(line("linus"))),
                        new Person("eve", List.of("guest"), List.of(line("eve"))))
                .prep(approvalBy("lead", "go", 2))
                .controlPlane(check("apply")));
        steps.awaitNotice("AWAITING_APPROVAL go");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void twoPeopleWhoSignLetItGoOn() throws Exception {
        assertThat(engine.send(signed("c1", "ada", "ada"))).isEqualTo(new Reply(true, "approved: go, 1 more needed"));
        assertThat(engine.send(signed("c2", "linus", "linus")).accepted()).isTrue();

        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.step("go", null).why()).isEqualTo("approved by ada, linus");
    }

    @Test
    void twoKeysOfOnePersonAreOnePerson() throws Exception {
        engine.send(signed("c1", "ada", "ada"));

        assertThat(engine.send(signed("c2", "ada", "ada-second")).why())
                .isEqualTo("ada has approved go already; it needs 2 different people");
    }

    @Test
    void whatIsNotSignedByWhomItSpeaksForNeverCountsAndIsOnRecord() throws Exception {
        Command other = signed("c5", "ada", "ada");
        List<Command> forged = List.of(
                approve("c1", "ada"),
                signed("c2", "ada", "mallory"),
                signed("c3", "ada", "linus"),
                signed("c4", "eve", "eve"),
                approve("c6", "ada").signed(String.valueOf(other.signature())),
                approve("c7", "ada").signed("no signature"));

        assertThat(forged).allSatisfy(command -> assertThat(engine.send(command).accepted())
                .isFalse());

        assertThat(engine.view().parked().why()).contains("0 of 2 approved");
        StepsAssert.assertThat(steps).neverRan("apply");
        assertThat(engine.state().commands())
                .extracting(record -> record.reply().why())
                .satisfiesExactly(
                        why -> assertThat(why).contains("ada did not sign"),
                        why -> assertThat(why).contains("is of nobody that the inventory lists"),
                        why -> assertThat(why).contains("is linus's, and the approval speaks for ada"),
                        why -> assertThat(why).contains("eve has not the role it needs: lead"),
                        why -> assertThat(why).contains("another text"),
                        why -> assertThat(why).isNotBlank());
        assertThat(engine.state().commands())
                .extracting(CommandRecord::text)
                .allMatch(text -> text.contains("approves: go"));
    }

    private static Command approve(String id, String actor) {
        return new Command(id, CommandKind.APPROVE, actor, "as tested", null, "go", null, null);
    }

    private Command signed(String id, String actor, String key) throws Exception {
        Command command = approve(id, actor);
        Notice notice = engine.state().waiting().get(0);
        Path text = dir.resolve(id);
        Files.writeString(
                text,
                notice.approval(engine.state().plan(), engine.state().run()).of(command));
        keygen("-q", "-Y", "sign", "-f", dir.resolve(key).toString(), "-n", "belay-approval", text.toString());
        return command.signed(Files.readString(dir.resolve(id + ".sig")));
    }

    private String line(String key) throws IOException {
        return Files.readString(dir.resolve(key + ".pub")).strip();
    }

    private static void keygen(String... arguments) throws IOException, InterruptedException {
        List<String> argv = new ArrayList<>(List.of("ssh-keygen"));
        argv.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(argv).inheritIO().start().waitFor()).isZero();
    }
}
