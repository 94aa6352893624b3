package dev.belay.cli;

import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A verb that tells a run something. The command, its actor, reason and answer are on the run's record. */
abstract class CommandVerb extends RunVerb {

    private final CommandKind kind;

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's eight hex digits, or @latest")
    private String reference = "";

    @Mixin
    private final OnRecord record = new OnRecord();

    @Option(names = "--plan", paramLabel = "DIGEST", description = "Refuse when the run follows another plan than this")
    private @Nullable String plan;

    CommandVerb(Terminal terminal, CommandKind kind) {
        super(terminal);
        this.kind = kind;
    }

    /** Which parked or awaiting step is meant; null when there is only one. */
    @Nullable
    String step() {
        return null;
    }

    /** Likewise its node. */
    @Nullable
    String node() {
        return null;
    }

    /** The command as it is sent. */
    Command prepared(RunHandle run, Command command) {
        return command;
    }

    @Override
    final String reference() {
        return reference;
    }

    @Override
    Exit on(RunHandle run) {
        if (kind.needsReason() && record.reason().isBlank()) {
            throw Stop.error(kind.text() + " needs a reason, which stands on record: add --reason \"...\"");
        }
        Command command = new Command(
                UUID.randomUUID().toString(),
                kind,
                record.actor(),
                record.reason(),
                record.ticket(),
                step(),
                nodeName(node()),
                plan);
        return tell(run, prepared(run, command));
    }
}
