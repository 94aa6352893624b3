package dev.belay.cli;

import dev.belay.activities.host.ShellQuoting;
import dev.belay.cli.text.Words;
import dev.belay.model.approval.Person;
import dev.belay.model.approval.Signers;
import dev.belay.model.approval.SshSignature;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.CommandRecord;
import dev.belay.workflows.RunState;
import dev.belay.workflows.client.RunClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who approved what in a run, and what each of them signed: an auditor checks it with OpenSSH alone. */
@picocli.CommandLine.Command(
        name = "approvals",
        description =
                "Lists who approved what in a run; --out writes what was signed, the signatures and the keys, for ssh-keygen"
                        + " to check.")
final class ApprovalsVerb extends RunVerb {

    private static final String SIGNERS = "allowed_signers";

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's eight hex digits, or @latest")
    private String reference = "";

    @Option(names = "--out", paramLabel = "DIR", description = "A folder to write into; made when it is not there")
    private @Nullable Path out;

    ApprovalsVerb(Terminal terminal) {
        super(terminal);
    }

    /** All of a run, the oldest first. */
    record Given(String run, Signers.Approvals approvals, List<Approval> given) {}

    /**
     * One approval as it is printed.
     *
     * @param counted whether it did, or was refused
     * @param check how to check it offline; null when nothing was signed or nothing was written
     */
    record Approval(
            Instant at,
            String by,
            @Nullable String step,
            String reason,
            boolean counted,
            String why,
            boolean signed,
            @Nullable String check) {}

    @Override
    String reference() {
        return reference;
    }

    @Override
    Exit on(RunHandle run) {
        RunState state = RunClient.state(run.connection().client(), run.workflowId(), run.temporalRunId());
        Signers signers = state.plan().signers();
        List<Approval> approvals = new ArrayList<>();
        for (CommandRecord record : state.commands()) {
            if (record.command().kind() == CommandKind.APPROVE) {
                approvals.add(approval(record, approvals.size() + 1));
            }
        }
        if (out != null && !signers.isByNameOnly()) {
            write(SIGNERS, signers(signers));
        }
        print(text(approvals, signers), new Given(run.run(), signers.approvals(), approvals));
        return Exit.OK;
    }

    private Approval approval(CommandRecord record, int number) {
        Command command = record.command();
        return new Approval(
                record.at(),
                command.actor(),
                command.step(),
                command.reason(),
                record.reply().accepted(),
                record.reply().why(),
                command.signature() != null,
                kept(record, number));
    }

    /** Written, where there is something to write; names are ours, since ids come from whoever sent the command. */
    private @Nullable String kept(CommandRecord record, int number) {
        String signature = record.command().signature();
        if (out == null || signature == null || record.text() == null) {
            return null;
        }
        String name = String.format("%02d.txt", number);
        write(name, record.text());
        write(name + ".sig", signature);
        List<String> verify = List.of(
                "ssh-keygen",
                "-Y",
                "verify",
                "-f",
                SIGNERS,
                "-I",
                record.command().actor(),
                "-n",
                SshSignature.NAMESPACE,
                "-s",
                name + ".sig");
        return ShellQuoting.line(verify) + " < " + name;
    }

    private static String signers(Signers signers) {
        StringBuilder lines = new StringBuilder();
        for (Person person : signers.people()) {
            person.keys().forEach(key -> lines.append(person.name())
                    .append(" namespaces=\"")
                    .append(SshSignature.NAMESPACE)
                    .append("\" ")
                    .append(key)
                    .append('\n'));
        }
        return lines.toString();
    }

    private void write(String name, String content) {
        try {
            Path folder = Objects.requireNonNull(out);
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw Stop.error("--out: " + out + " cannot be written: " + e.getMessage());
        }
    }

    private static String text(List<Approval> approvals, Signers signers) {
        StringBuilder text = new StringBuilder();
        if (signers.isByNameOnly()) {
            text.append("approvals of this run are ")
                    .append(Signers.BY_NAME_ONLY)
                    .append(": its inventory lists no people\n");
        }
        for (Approval approval : approvals) {
            String signed = approval.signed() ? "  signed  " : "  not signed  ";
            String counted = approval.counted() ? "counts: " : "does not count: ";
            text.append(approval.at())
                    .append("  ")
                    .append(Words.line(approval.by()))
                    .append(signed)
                    .append(counted)
                    .append(Words.line(approval.why()))
                    .append('\n');
            if (approval.check() != null) {
                text.append("    ").append(Words.line(approval.check())).append('\n');
            }
        }
        return text.toString();
    }
}
