package dev.belay.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C as an event instead of an end: each press is one element. The JDK's handler is reached by reflection, since the compiler warns of
 * it; where it is missing Ctrl-C ends the process as usual.
 */
final class Interrupts {

    private static final long TICK_MS = 10;

    private final BlockingQueue<String> presses = new LinkedBlockingQueue<>();

    private Interrupts() {}

    /** Takes over Ctrl-C for this process. */
    static Interrupts taken() {
        Interrupts interrupts = new Interrupts();
        interrupts.take("INT");
        return interrupts;
    }

    /** Takes over SIGTERM too: it is heard as Ctrl-C is. */
    static Interrupts takenWithTerm() {
        Interrupts interrupts = taken();
        interrupts.take("TERM");
        return interrupts;
    }

    /** Never pressed: for tests. */
    static Interrupts none() {
        return new Interrupts();
    }

    /** Forgets what was pressed so far. */
    void forget() {
        presses.clear();
    }

    /** Waits until something is done, or until it was pressed; says which. */
    boolean pressedBefore(Future<?> done) {
        while (!done.isDone()) {
            if (pressedWithin(TICK_MS)) {
                return true;
            }
        }
        return false;
    }

    /** Waits so long, or until it was pressed; says which. */
    boolean pressedWithin(long millis) {
        try {
            return presses.poll(millis, TimeUnit.MILLISECONDS) != null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void take(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object press = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        presses.add(name);
                        return null;
                    });
            Object interrupt = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, interrupt, press);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw Stop.error("this Java lets no program handle Ctrl-C: " + e);
        }
    }
}
