package dev.belay.cli;

import java.util.List;
import picocli.CommandLine;

/** Every verb there is, in the order {@code belay --help} shows them. */
final class Verbs {

    private Verbs() {}

    static CommandLine of(Terminal terminal) {
        CommandLine line = new CommandLine(new Main.Root());
        verbs(terminal).forEach(line::addSubcommand);
        return line;
    }

    private static List<Verb> verbs(Terminal terminal) {
        return List.of(
                new LintVerb(terminal),
                new PlanVerb(terminal),
                new RehearseVerb(terminal),
                new StartVerb(terminal),
                new WorkerVerb(terminal),
                new SetupVerb(terminal),
                new ListVerb(terminal),
                new ShowVerb(terminal),
                new WatchVerb(terminal),
                new LogsVerb(terminal),
                new DiagnoseVerb(terminal),
                new CommandVerbs.Pause(terminal),
                new CommandVerbs.Resume(terminal),
                new CommandVerbs.Retry(terminal),
                new CommandVerbs.Skip(terminal),
                new ApproveVerb(terminal),
                new ApprovalsVerb(terminal),
                new CommandVerbs.Reject(terminal),
                new CommandVerbs.Abort(terminal),
                new RollbackVerb(terminal),
                new SignoffVerb(terminal),
                new BackupsVerb(terminal),
                new StepsVerb(terminal),
                new CompletionVerb(terminal));
    }
}
