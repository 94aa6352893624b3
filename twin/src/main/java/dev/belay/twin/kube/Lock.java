package dev.belay.twin.kube;

import java.util.Optional;

/** The Lease {@code kube-system/belay}: one holder at a time. */
public final class Lock {

    private String holder = "";

    /** Says who else holds it; empty when it is now this holder's. */
    public Optional<String> acquire(String by) {
        if (!holder.isEmpty() && !holder.equals(by)) {
            return Optional.of(holder);
        }
        holder = by;
        return Optional.empty();
    }

    public boolean release(String by) {
        boolean held = holder.equals(by) && !by.isEmpty();
        holder = held ? "" : holder;
        return held;
    }

    /** Who holds it, or nobody. */
    public String holderWords() {
        return holder.isEmpty() ? "nobody" : holder;
    }

    String holder() {
        return holder;
    }

    void restore(String kept) {
        holder = kept;
    }

    public boolean heldBy(String by) {
        return holder.equals(by);
    }
}
