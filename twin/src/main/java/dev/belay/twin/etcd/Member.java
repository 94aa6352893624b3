package dev.belay.twin.etcd;

import java.time.Duration;
import java.time.Instant;

/** One member: its place in the ring, and the process behind it. */
public final class Member implements Comparable<Member> {

    private static final Duration CATCHING_UP = Duration.ofSeconds(2);

    private final String name;
    private final String address;
    private final long id;
    private String version;
    private boolean running = true;
    private Instant startedAt = Instant.EPOCH;
    private long stoppedAt;

    Member(String name, String address, long id, String version) {
        this.name = name;
        this.address = address;
        this.id = id;
        this.version = version;
    }

    public String name() {
        return name;
    }

    public String address() {
        return address;
    }

    /** Unsigned decimal: it does not fit a Java long. */
    public String id() {
        return Long.toUnsignedString(id);
    }

    /** Of the process that runs, or ran last. */
    public String version() {
        return version;
    }

    public boolean isRunning() {
        return running;
    }

    void stop(long revision) {
        running = false;
        stoppedAt = revision;
    }

    void start(String binary, Instant now) {
        version = binary;
        running = true;
        startedAt = now;
    }

    /** Has stood for a while. */
    void settle() {
        startedAt = Instant.EPOCH;
    }

    boolean caughtUp(Instant now) {
        return running && !now.isBefore(startedAt.plus(CATCHING_UP));
    }

    long stoppedAt() {
        return stoppedAt;
    }

    @Override
    public int compareTo(Member other) {
        return name.compareTo(other.name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Member member && member.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
