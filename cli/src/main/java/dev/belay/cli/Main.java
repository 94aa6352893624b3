package dev.belay.cli;

import dev.belay.activities.StepFailure;
import dev.belay.cli.text.Words;
import dev.belay.model.run.Failure;
import dev.belay.model.runbook.InvalidDocument;
import dev.belay.worker.Release;
import dev.belay.worker.ServerProblem;
import dev.belay.workflows.client.NoAnswer;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** {@code belay}: everything a person types. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(Terminal.ofProcess(), arguments));
    }

    /** Runs one command line; returns its exit code. */
    static int run(Terminal terminal, String... arguments) {
        CommandLine line = Verbs.of(terminal);
        PrintWriter out = writer(terminal.out());
        PrintWriter err = writer(terminal.err());
        line.setOut(out).setErr(err);
        line.setParameterExceptionHandler((problem, given) -> wrongUsage(terminal, problem));
        line.setExecutionExceptionHandler((thrown, command, result) -> failed(terminal, thrown));
        int code = line.execute(arguments);
        out.flush();
        err.flush();
        return code;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    private static int wrongUsage(Terminal terminal, ParameterException problem) {
        String name = problem.getCommandLine().getCommandSpec().qualifiedName();
        String message = String.valueOf(problem.getMessage()).replaceAll("\\R", " ");
        terminal.err().println("belay: " + message + "; see `" + name + " --help`");
        return Exit.ERROR.code();
    }

    private static int failed(Terminal terminal, Exception thrown) {
        if (terminal.debug()) {
            thrown.printStackTrace(terminal.err());
        }
        if (thrown instanceof Stop stop) {
            terminal.err().println("belay: " + stop.getMessage());
            return stop.exit().code();
        }
        terminal.err().println("belay: " + message(thrown));
        return Exit.ERROR.code();
    }

    private static String message(Exception thrown) {
        if (thrown instanceof InvalidDocument document) {
            return "the file cannot be used:\n" + document.getMessage();
        }
        if (thrown instanceof StepFailure failed) {
            Failure failure = failed.failure();
            return failure.why() + "; " + failure.next() + " [" + failure.code() + "]";
        }
        if (thrown instanceof ServerProblem || thrown instanceof NoAnswer || thrown instanceof UncheckedIOException) {
            return String.valueOf(thrown.getMessage());
        }
        return "unexpected: " + Words.line(thrown.toString())
                + "; run it again with BELAY_DEBUG=1 for the trace, and report it";
    }

    /** The root: has no work of its own. */
    @Command(
            name = "belay",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            synopsisSubcommandLabel = "VERB",
            description = {
                "%nTakes kubeadm clusters from one Kubernetes minor to the next, by runbook, with a way back.",
                "%nExit codes: 0 ok, 1 error, 2 something stops it, 3 refused, 4 ended aborted, 5 a person is needed."
            },
            commandListHeading = "%nVerbs:%n")
    static final class Root {}

    /** {@code belay --version}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"belay " + Release.version()};
        }
    }
}
