package dev.belay.cli;

import dev.belay.cli.text.LogBook;
import dev.belay.cli.text.LogEvent;
import dev.belay.cli.text.LogText;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Expansion;
import dev.belay.model.plan.Plan;
import dev.belay.model.plan.PlannedStep;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "logs",
        description = {
            "What happened in a run, in order: steps, attempts and why they failed, approvals, commands and refusals, undo.",
            "Read from the histories on the server; needs no worker."
        })
final class LogsVerb extends LookVerb {

    private static final long LOOK_MS = 300;

    @Option(names = "--step", paramLabel = "ID", description = "Only this step, or steps of this type")
    private @Nullable String step;

    @Option(names = "--node", paramLabel = "NAME", description = "Only this node")
    private @Nullable String node;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the run ends, or Ctrl-C")
    private boolean follow;

    LogsVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit on(RunHandle run) {
        LogReader reader = new LogReader(run);
        List<LogEvent> events = new ArrayList<>(wanted(reader.next()));
        check(reader.plan());
        Exit exit = Exit.OK;
        if (follow) {
            events.forEach(this::tell);
            exit = follow(run, reader, events);
        }
        reader.missing().forEach(gone -> say("belay: the server no longer keeps the history of " + gone));
        if (events.isEmpty()) {
            say("belay: nothing is recorded of that yet");
        }
        String cluster = reader.plan().cluster().name();
        print(
                follow ? "" : LogText.of(events, paint()),
                new LogBook(run.run(), cluster, List.copyOf(events), reader.missing()));
        return exit;
    }

    /** Until the run ends, or Ctrl-C. A rehearsal's server does not come back; another one is waited for. */
    private Exit follow(RunHandle run, LogReader reader, List<LogEvent> events) {
        Interrupts interrupts = Interrupts.taken();
        boolean silent = false;
        while (!reader.isOver() && !interrupts.pressedWithin(LOOK_MS)) {
            try {
                tell(reader.next(), events);
                silent = false;
            } catch (StatusRuntimeException e) {
                if (run.rehearsal() && e.getStatus().getCode() == Status.Code.UNAVAILABLE) {
                    tell(reader.heard(), events);
                    say(
                            "belay: the rehearsal's process is gone, and its server with it: how the run ended is not known");
                    return Exit.ERROR;
                }
                if (!silent) {
                    say("belay: the Temporal server does not answer; waiting for it");
                }
                silent = true;
            }
        }
        return Exit.OK;
    }

    private void tell(List<LogEvent> more, List<LogEvent> events) {
        wanted(more).forEach(event -> {
            tell(event);
            events.add(event);
        });
    }

    private void tell(LogEvent event) {
        LogText.lines(event, paint())
                .forEach(format() == Format.TEXT ? terminal().out()::println : this::say);
        terminal().out().flush();
    }

    private List<LogEvent> wanted(List<LogEvent> events) {
        return events.stream().filter(event -> event.isOf(step, node)).toList();
    }

    /** A name that no step or node of the plan has would find nothing, for ever. */
    private void check(Plan plan) {
        List<PlannedStep> steps = Expansion.steps(plan);
        Set<String> ids = steps.stream().map(PlannedStep::id).collect(Collectors.toCollection(TreeSet::new));
        boolean isType = steps.stream().anyMatch(one -> one.uses().equals(step));
        if (step != null && !isType && !ids.contains(step)) {
            throw Stop.error("this run has no step \"" + step + "\"; it has " + String.join(" ", ids));
        }
        Set<String> nodes = steps.stream()
                .map(PlannedStep::node)
                .filter(Objects::nonNull)
                .map(NodeName::value)
                .collect(Collectors.toCollection(TreeSet::new));
        if (node != null && !nodes.contains(node)) {
            throw Stop.error("this run has no node \"" + node + "\"; it has " + String.join(" ", nodes));
        }
    }
}
