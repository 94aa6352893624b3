package dev.belay.twin.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/** The world's clock and everything that is yet to happen. Events run in the order of their time, then of their planning. Never goes back. */
public final class VirtualTime {

    private final PriorityQueue<Event> due =
            new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingLong(Event::seq));
    private Instant now;
    private long planned;

    public VirtualTime(Instant start) {
        this.now = start;
    }

    public Instant now() {
        return now;
    }

    /** Plans an event; with a delay of zero it happens when time next moves or is asked to stand where it is. */
    public void after(Duration delay, Runnable event) {
        due.add(new Event(now.plus(delay), planned++, event));
    }

    /** Lets everything happen that is due until then. A time in the past only lets happen what is due already. */
    public void advanceTo(Instant to) {
        while (!due.isEmpty() && !due.element().at().isAfter(later(now, to))) {
            Event event = due.remove();
            now = later(now, event.at());
            event.what().run();
        }
        now = later(now, to);
    }

    /** When the next event is due. */
    public Optional<Instant> next() {
        return Optional.ofNullable(due.peek()).map(Event::at);
    }

    public static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private record Event(Instant at, long seq, Runnable what) {}
}
