package dev.belay.twin.etcd;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One member: its place in the ring, the process behind it, and whose data it has. */
public final class Member implements Comparable<Member> {

    private static final Duration CATCHING_UP = Duration.ofSeconds(2);

    private final String name;
    private final String address;
    private long id;
    private long cluster;
    private String lineage;
    private String version;
    private boolean running = true;
    private Instant startedAt = Instant.EPOCH;
    private long stoppedAt;
    private boolean learner;
    private Optional<DataDirectory> directory = Optional.empty();

    Member(String name, String address, long id, long cluster, String version) {
        this.name = name;
        this.address = address;
        this.id = id;
        this.cluster = cluster;
        this.lineage = Long.toUnsignedString(cluster);
        this.version = version;
    }

    public String name() {
        return name;
    }

    public String address() {
        return address;
    }

    public String peerUrl() {
        return "https://" + address + ":2380";
    }

    /** It receives what the others have, and has no vote. */
    public boolean isLearner() {
        return learner;
    }

    /** It is new, and what it has is what that one has. */
    Member learn(Member from) {
        learner = true;
        lineage = from.lineage;
        return this;
    }

    void promote() {
        learner = false;
    }

    /** Unsigned decimal: it does not fit a Java long. */
    public String id() {
        return Long.toUnsignedString(id);
    }

    void identify(long as) {
        id = as;
    }

    /** Of the process that runs, or ran last. */
    public String version() {
        return version;
    }

    public boolean isRunning() {
        return running;
    }

    /** The cluster whose data it has. */
    long cluster() {
        return cluster;
    }

    String lineage() {
        return lineage;
    }

    Optional<DataDirectory> directory() {
        return directory;
    }

    /** It begins with what lies in this directory. */
    void open(DataDirectory data) {
        directory = Optional.of(data);
        data.identity().ifPresent(identity -> cluster = identity.clusterId());
        data.database().ifPresent(database -> {
            lineage = database.lineage();
            stoppedAt = database.revision();
        });
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
