package dev.belay.cli;

import dev.belay.model.approval.Person;
import dev.belay.model.approval.Signers;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.workflows.Notice;
import dev.belay.workflows.RunState;
import dev.belay.workflows.client.RunClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
        name = "approve",
        description =
                "Says yes to what a run asks. Where the inventory lists people, it is signed: run, command, what is"
                        + " approved and its digests.")
final class ApproveVerb extends StepCommandVerb {

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "Your SSH key, or the public part of one that the agent holds; default is the agent's that the"
                            + " inventory lists for you")
    private @Nullable Path key;

    ApproveVerb(Terminal terminal) {
        super(terminal, CommandKind.APPROVE);
    }

    @Override
    Command prepared(RunHandle run, Command command) {
        RunState state = RunClient.state(run.connection().client(), run.workflowId(), run.temporalRunId());
        Signers signers = state.plan().signers();
        if (signers.isByNameOnly()) {
            if (key != null) {
                throw Stop.error("--key: the inventory of this run lists no people, so that approvals are "
                        + Signers.BY_NAME_ONLY + "; leave it out");
            }
            return command;
        }
        List<Notice> asked = state.waiting().stream()
                .filter(notice -> notice.kind() == Notice.Kind.AWAITING_APPROVAL && isMeant(notice, command))
                .toList();
        return asked.size() == 1 ? signed(state, signers, asked.get(0), command) : command;
    }

    private static boolean isMeant(Notice notice, Command command) {
        return (command.step() == null || command.step().equals(notice.step()))
                && (command.node() == null || Objects.equals(command.node(), notice.node()));
    }

    private Command signed(RunState state, Signers signers, Notice notice, Command command) {
        Person person = signers.named(command.actor())
                .orElseThrow(() ->
                        Stop.error("--actor: the inventory lists no " + Person.login(command.actor()) + "; it lists "
                                + signers.people().stream().map(Person::name).collect(Collectors.joining(", "))));
        if (key != null && !Files.isReadable(key)) {
            throw Stop.error("--key: " + key + " cannot be read");
        }
        Command own = command.by(person.name());
        String text = notice.approval(state.plan(), state.run()).of(own);
        Command signed = own.signed(new SshKeygen(key).sign(person, text));
        Notice.Ask ask = notice.ask();
        String no = signers.objection(signed, text, ask == null ? List.of() : ask.by());
        if (no != null) {
            throw Stop.refused("not sent, as it would not count: " + no);
        }
        return signed;
    }
}
