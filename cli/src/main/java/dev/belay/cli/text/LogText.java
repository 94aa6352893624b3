package dev.belay.cli.text;

import dev.belay.cli.text.LogEvent.Kind;
import dev.belay.cli.text.LogEvent.Said;
import dev.belay.model.run.Failure;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** {@code belay logs}: one line an event; below a failure what to look at, and the last lines of output it came with. */
public final class LogText {

    private static final String INDENT = "    ";

    private LogText() {}

    public static String of(List<LogEvent> events, Paint paint) {
        StringBuilder text = new StringBuilder();
        events.forEach(
                event -> lines(event, paint).forEach(line -> text.append(line).append('\n')));
        return text.toString();
    }

    public static List<String> lines(LogEvent event, Paint paint) {
        List<String> lines = new ArrayList<>();
        lines.add(event.at().truncatedTo(ChronoUnit.SECONDS) + "  " + what(event, paint));
        Failure failure = event.failure();
        if (failure != null) {
            if (!failure.next().isBlank()) {
                lines.add(INDENT + "next  " + Words.line(failure.next()));
            }
            failure.evidence()
                    .lines()
                    .filter(line -> !line.isBlank())
                    .forEach(line -> lines.add(INDENT + "| " + Words.line(line)));
        }
        return lines;
    }

    private static String what(LogEvent event, Paint paint) {
        Said said = event.command();
        if (said != null) {
            return command(event, said, paint);
        }
        if (event.step() == null) {
            return paint.bold("run") + "  " + word(event, paint) + why(event);
        }
        String uses = event.uses() == null ? "" : " (" + event.uses() + ")";
        String phase = event.phase() == null ? "" : event.phase().text() + "  ";
        return event.hop() + "  " + phase + paint.bold(place(event)) + uses + "  " + word(event, paint) + detail(event)
                + why(event);
    }

    private static String command(LogEvent event, Said said, Paint paint) {
        String about = event.step() == null && event.node() == null ? "" : " " + place(event);
        String ticket = said.ticket() == null ? "" : " [" + Words.line(said.ticket()) + "]";
        String reason = said.reason().isBlank() ? "" : ": \"" + Words.line(said.reason()) + "\"";
        return paint.bold(said.kind().text() + about) + "  " + word(event, paint) + "  by " + Words.line(said.actor())
                + ticket + reason + "  " + Words.line(String.valueOf(event.why()));
    }

    private static String place(LogEvent event) {
        String step = event.step() == null ? "?" : Words.line(event.step());
        return event.node() == null ? step : step + " on " + event.node();
    }

    private static String word(LogEvent event, Paint paint) {
        String word = event.event() == Kind.COMMAND ? "ACCEPTED" : event.event().name();
        return switch (event.event()) {
            case FAILED, PARKED, REFUSED -> paint.alarm(word);
            default -> word;
        };
    }

    private static String detail(LogEvent event) {
        String text = event.seconds() == null ? "" : "  " + Words.span(Duration.ofSeconds(event.seconds()));
        text += event.redo() > 0 && event.event() == Kind.BEGUN ? ", asked for again (" + event.redo() + ")" : "";
        text += event.attempt() > 1 ? ", attempt " + event.attempt() : "";
        text += event.effect() == null ? "" : "  [" + event.effect() + "]";
        return event.failure() == null ? text : text + "  " + event.failure().code();
    }

    private static String why(LogEvent event) {
        return event.why() == null || event.why().isBlank() ? "" : "  " + Words.line(event.why());
    }
}
