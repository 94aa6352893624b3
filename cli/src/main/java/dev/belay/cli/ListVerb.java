package dev.belay.cli;

import dev.belay.cli.text.ListText;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "list",
        description = "Lists runs, the newest first: rehearsals under way here, and those of the Temporal server.")
final class ListVerb extends Verb {

    @Mixin
    private final ServerChoice server = new ServerChoice();

    ListVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run() {
        try (Servers servers = Servers.ask(terminal(), server)) {
            servers.left().ifPresent(why -> say("belay: not listed: " + why));
            List<ListText.Row> rows = servers.runs().stream()
                    .map(found -> row(found.line(), found.handle().rehearsal()))
                    .toList();
            print(
                    ListText.of(rows, paint()),
                    Map.of(
                            "runs",
                            servers.runs().stream().map(Servers.Found::line).toList()));
        }
        return Exit.OK;
    }

    private static ListText.Row row(ListedRun run, boolean rehearsal) {
        return new ListText.Row(
                run.run(), run.status(), run.cluster(), run.from(), run.to(), run.startedAt(), rehearsal);
    }
}
