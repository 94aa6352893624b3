package dev.belay.twin;

import java.util.ArrayList;
import java.util.List;

/** Every change that was asked for through the ports, in order. One that found nothing to change ends with {@code (no change)}. */
public final class Effects {

    private final List<String> done = new ArrayList<>();
    private int asked;

    synchronized int next() {
        return ++asked;
    }

    synchronized void record(String what) {
        done.add(what);
    }

    public synchronized List<String> list() {
        return List.copyOf(done);
    }

    /** How often exactly this was done. */
    public synchronized long count(String what) {
        return done.stream().filter(what::equals).count();
    }

    /** How many changes were asked for, those that a cut prevented included. */
    public synchronized int asked() {
        return asked;
    }
}
