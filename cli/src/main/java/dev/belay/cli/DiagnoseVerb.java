package dev.belay.cli;

import dev.belay.activities.Redaction;
import dev.belay.cli.text.DiagnosisText;
import dev.belay.cli.text.LogText;
import dev.belay.cli.text.Paint;
import dev.belay.model.diagnosis.Diagnosis;
import dev.belay.model.diagnosis.Rules;
import dev.belay.model.run.RunView;
import dev.belay.model.run.RunView.Parked;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "diagnose",
        description = {
            "Which known failures a text or a parked run shows: cause, evidence, what to look at, remedy and its risk.",
            "What no rule knows stays unknown, and is said to be."
        })
final class DiagnoseVerb extends Verb {

    private static final int LARGEST = 16 << 20;
    private static final String STANDARD_INPUT = "-";

    @Mixin
    private final ServerChoice server = new ServerChoice();

    @Parameters(
            index = "0",
            paramLabel = "RUN|-",
            description =
                    "A parked run (eight hex digits, or @latest), or - for log lines, output of kubeadm or kubectl on standard input")
    private String of = "";

    DiagnoseVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run() {
        Diagnosis diagnosis =
                Diagnosis.of(of.equals(STANDARD_INPUT) ? Redaction.of(input()) : parked(), Rules.shipped());
        print(DiagnosisText.of(diagnosis, paint(), Screen.columns(terminal())), diagnosis);
        return Exit.OK;
    }

    private String input() {
        StringBuilder text = new StringBuilder();
        char[] part = new char[1 << 16];
        try {
            Reader in = terminal().in();
            for (int read = in.read(part); read >= 0; read = in.read(part)) {
                text.append(part, 0, read);
                if (text.length() > LARGEST) {
                    throw Stop.error("there are more than 16 million characters on standard input;"
                            + " give the lines around the failure");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Every attempt of the step at which the run stands, and why it does. */
    private String parked() {
        try (Servers servers = Servers.ask(terminal(), server)) {
            RunHandle run = servers.find(of);
            RunView view = Looks.at(run).view();
            Parked parked = view.parked();
            if (parked == null) {
                throw Stop.refused("run " + run.run() + " is " + view.status()
                        + " and not parked; `belay diagnose -` reads a log from standard input");
            }
            String node = parked.node() == null ? null : parked.node().value();
            return LogText.of(
                    new LogReader(run)
                            .next().stream()
                                    .filter(event -> event.isOf(parked.step(), node))
                                    .toList(),
                    Paint.PLAIN);
        }
    }
}
