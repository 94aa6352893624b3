package dev.belay.activities.contract;

import dev.belay.activities.StepClock;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.etcd.EtcdMember;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;

/** Three members of etcd, the twin's or real ones, and what a contract asks of them. */
public abstract class EtcdContract {

    private static final int LOOKS = 120;

    protected abstract EtcdCluster etcd();

    /** The time of the cluster's world. */
    protected abstract StepClock clock();

    /** The three members' names, sorted; all up at first. */
    protected abstract List<String> names();

    /** Writes one key. */
    protected abstract void write();

    protected final EtcdMember member(String name) {
        return etcd().members().stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    protected final boolean serves(String name) {
        try {
            return serves(member(name));
        } catch (StepFailure notYet) {
            return false;
        }
    }

    /** Asks that member alone; the list may be slow to come while one stands apart. */
    protected final boolean serves(EtcdMember member) {
        try {
            return !etcd().status(member).leaderId().equals("0");
        } catch (StepFailure notYet) {
            return false;
        }
    }

    /** A member that gives no answer yet, or is not on the list yet, is waited for. */
    protected final void await(String what, BooleanSupplier condition) {
        for (int look = 0; look < LOOKS; look++) {
            if (holds(condition)) {
                return;
            }
            clock().sleep(Duration.ofMillis(500));
        }
        throw new AssertionError("waited in vain for " + what);
    }

    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (StepFailure | NoSuchElementException notYet) {
            return false;
        }
    }
}
