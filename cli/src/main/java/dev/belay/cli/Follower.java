package dev.belay.cli;

import dev.belay.cli.text.ChangeLines;
import dev.belay.cli.text.Paint;
import dev.belay.cli.text.Situation;
import dev.belay.cli.text.TreeText;
import dev.belay.model.run.RunStatus;
import dev.belay.workflows.client.NoAnswer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
    private final boolean beside;
    private final boolean tree;
    private final Paint paint;
    private final Interrupts interrupts;
    private int drawn;
    private int silent;
    private boolean complained;
    private boolean left;
    private @Nullable Situation last;

    /** {@code beside}: standard output is kept for a document, so lines go to standard error. */
    Follower(Terminal terminal, Interrupts interrupts, boolean beside) {
        this.terminal = terminal;
        this.stream = beside ? terminal.err() : terminal.out();
        this.beside = beside;
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
            CompletableFuture<Situation> looking = CompletableFuture.supplyAsync(look);
            if (interrupts.pressedBefore(looking)) {
                return Ending.INTERRUPTED;
            }
            Situation situation = seen(looking);
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

    /**
     * Follows a run that lives on without this process. Ctrl-C leaves it alone; then {@code back} is the command to come back by.
     *
     * @return how it stood at the last look; empty when nobody has answered for it yet
     */
    Optional<Situation> attend(RunHandle run, OnPark onPark, String back) {
        Ending ending = follow(() -> look(run), status -> onPark.ends() && needsPerson(status));
        leave();
        if (ending == Ending.INTERRUPTED) {
            left = true;
            terminal.err().println("\nthe run goes on without you; come back with: " + back);
        }
        if (last == null && beside) {
            throw Stop.error("no worker has answered for run " + run.run() + " yet, so there is nothing to print");
        }
        return Optional.ofNullable(last);
    }

    private static Situation look(RunHandle run) {
        try {
            return Looks.at(run);
        } catch (StatusRuntimeException | WorkflowException e) {
            throw run.rehearsal() && Status.fromThrowable(e).getCode() == Status.Code.UNAVAILABLE
                    ? Stop.error(
                            "the rehearsal's process is gone, and its server with it: how the run ended is not known")
                    : e;
        }
    }

    /** Whether Ctrl-C ended it. */
    boolean left() {
        return left;
    }

    /** The last look; null before the first one. */
    @Nullable
    Situation last() {
        return last;
    }

    static boolean needsPerson(RunStatus status) {
        return status == RunStatus.PARKED || status == RunStatus.AWAITING_APPROVAL;
    }

    private @Nullable Situation seen(CompletableFuture<Situation> looking) {
        try {
            Situation situation = looking.join();
            if (complained) {
                say("belay: it answers again");
            }
            silent = 0;
            complained = false;
            return situation;
        } catch (CompletionException e) {
            missed(e);
            return null;
        }
    }

    /** A question that no worker answers has waited long already; a server may be away for a moment. */
    private void missed(CompletionException e) {
        Throwable cause = e.getCause();
        if (!(cause instanceof NoAnswer
                || cause instanceof WorkflowException
                || cause instanceof StatusRuntimeException)) {
            throw cause instanceof RuntimeException unexpected ? unexpected : e;
        }
        silent++;
        if (!complained && (cause instanceof NoAnswer || silent >= PATIENCE)) {
            say("belay: " + (cause instanceof NoAnswer ? cause.getMessage() : "the Temporal server does not answer"));
            complained = true;
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

    /** After Ctrl-C was asked about and taken back. */
    void goOn() {
        interrupts.forget();
    }
}
