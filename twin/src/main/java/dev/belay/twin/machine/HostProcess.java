package dev.belay.twin.machine;

import dev.belay.twin.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A program that runs on a node in virtual time: stages, each of which may print, act, pause, put further stages before the rest, or end it.
 * Nobody needs to wait for it.
 */
public final class HostProcess {

    private static final Duration POLL = Duration.ofSeconds(2);

    private final VirtualTime time;
    private final Deque<Consumer<HostProcess>> stages = new ArrayDeque<>();
    private final StringBuilder output = new StringBuilder();
    private OptionalInt exit = OptionalInt.empty();
    private boolean lost;
    private Duration pause = Duration.ZERO;

    HostProcess(VirtualTime time, List<Consumer<HostProcess>> program) {
        this.time = time;
        stages.addAll(program);
    }

    void start() {
        time.after(Duration.ZERO, this::go);
    }

    public Instant now() {
        return time.now();
    }

    public void say(String line) {
        output.append(line).append('\n');
    }

    /** Lets time pass before the next stage. */
    public void pause(Duration duration) {
        pause = duration;
    }

    /** Puts stages before those that are left. */
    public void next(List<Consumer<HostProcess>> first) {
        for (int i = first.size() - 1; i >= 0; i--) {
            stages.addFirst(first.get(i));
        }
    }

    /** Ends it; stages that are left never run. */
    public void exit(int code) {
        stages.clear();
        exit = OptionalInt.of(code);
    }

    /** A stage that waits until something holds, and does something else when that takes too long. */
    public static Consumer<HostProcess> await(BooleanSupplier holds, Duration limit, Consumer<HostProcess> otherwise) {
        return process -> process.poll(holds, process.now().plus(limit), otherwise);
    }

    private void poll(BooleanSupplier holds, Instant end, Consumer<HostProcess> otherwise) {
        if (holds.getAsBoolean()) {
            return;
        }
        if (!now().isBefore(end)) {
            otherwise.accept(this);
            return;
        }
        pause(POLL);
        next(List.of(process -> process.poll(holds, end, otherwise)));
    }

    public boolean isRunning() {
        return exit.isEmpty() && !lost;
    }

    boolean isLost() {
        return lost;
    }

    OptionalInt exitCode() {
        return exit;
    }

    String output() {
        return output.toString();
    }

    /** Its host went away under it. */
    void lose() {
        if (isRunning()) {
            stages.clear();
            lost = true;
        }
    }

    void kill(int signal) {
        if (isRunning()) {
            exit(128 + signal);
        }
    }

    private void go() {
        while (isRunning() && !stages.isEmpty()) {
            pause = Duration.ZERO;
            stages.removeFirst().accept(this);
            if (isRunning() && !pause.isZero()) {
                time.after(pause, this::go);
                return;
            }
        }
        if (isRunning()) {
            exit(0);
        }
    }
}
