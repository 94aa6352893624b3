package dev.belay.cli;

import dev.belay.cli.text.ChangeLines;
import dev.belay.cli.text.Paint;
import dev.belay.cli.text.Situation;
import dev.belay.cli.text.TreeText;
import dev.belay.model.run.RunStatus;
import dev.belay.workflows.client.NoAnswer;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowException;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows a run until it ends, until it stands and that is to end the following, or until Ctrl-C. Draws a tree in place where a person looks,
 * else writes one line a change. A server or worker that is away for a while does not end it.
 */
final class Follower {

    private static final long TREE_MS = 400;
    private static final long LINES_MS = 700;
    private static final int PATIENCE = 3;

    private final Terminal terminal;
    private final PrintStream stream;
    private final boolean tree;
    private final Paint paint;
    private final Interrupts interrupts;
    private int drawn;
    private int silent;
    private @Nullable Situation last;

    /** {@code beside}: standard output is kept for a document, so lines go to standard error. */
    Follower(Terminal terminal, Interrupts interrupts, boolean beside) {
        this.terminal = terminal;
        this.stream = beside ? terminal.err() : terminal.out();
        this.tree = !beside && terminal.interactive();
        this.paint = tree && terminal.colours() ? Paint.COLOURED : Paint.PLAIN;
        this.interrupts = interrupts;
    }

    /** How following ended. */
    enum Ending {
        CLOSED,
        STANDS,
        INTERRUPTED
    }

    /** Until the run is closed, its status is one that ends the following, or Ctrl-C. */
    Ending follow(Supplier<Situation> look, Predicate<RunStatus> ends) {
        while (true) {
            Situation situation = looked(look);
            if (situation != null) {
                show(situation);
                RunStatus status = situation.view().status();
                if (status.isClosed()) {
                    return Ending.CLOSED;
                }
                if (ends.test(status)) {
                    return Ending.STANDS;
                }
            }
            if (interrupts.pressedWithin(tree ? TREE_MS : LINES_MS)) {
                return Ending.INTERRUPTED;
            }
        }
    }

    /** The last look; null before the first one. */
    @Nullable
    Situation last() {
        return last;
    }

    static boolean needsPerson(RunStatus status) {
        return status == RunStatus.PARKED || status == RunStatus.AWAITING_APPROVAL;
    }

    private @Nullable Situation looked(Supplier<Situation> look) {
        try {
            Situation situation = look.get();
            if (silent >= PATIENCE) {
                say("belay: it answers again");
            }
            silent = 0;
            return situation;
        } catch (NoAnswer | WorkflowException | StatusRuntimeException e) {
            silent++;
            if (silent == PATIENCE) {
                say("belay: " + (e instanceof NoAnswer ? e.getMessage() : "the Temporal server does not answer"));
            }
            return null;
        }
    }

    /** Says a line, on whichever thread: where the tree stood, which the next look draws anew below it. */
    synchronized void say(String line) {
        if (drawn > 0) {
            stream.print(up() + "\r\u001b[J");
            stream.flush();
            drawn = 0;
        }
        terminal.err().println(line);
    }

    private String up() {
        return "\u001b[" + drawn + "A";
    }

    private synchronized void show(Situation situation) {
        if (tree) {
            draw(situation);
        } else {
            ChangeLines.between(last, situation).forEach(stream::println);
        }
        last = situation;
        stream.flush();
    }

    private void draw(Situation situation) {
        Screen screen = Screen.of(terminal);
        List<String> lines = TreeText.of(situation, paint, screen.columns() - 1, screen.rows() - 1);
        StringBuilder frame = new StringBuilder();
        if (drawn > 0) {
            frame.append(up());
        }
        lines.forEach(line -> frame.append("\r\u001b[2K").append(line).append('\n'));
        frame.append("\u001b[J");
        stream.print(frame);
        drawn = lines.size();
    }

    /** To be called before anything else is written below the tree. */
    synchronized void leave() {
        drawn = 0;
    }
}
