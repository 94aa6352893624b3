package dev.belay.twin.etcd;

import dev.belay.twin.time.Seed;
import dev.belay.twin.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The members, what they agree on, and the rules for members of different minors. The revision only goes on: by every write of the API, and by
 * the cluster's own background writes while there is a quorum.
 */
public final class EtcdRing {

    private static final int BACKGROUND_WRITES_A_SECOND = 3;
    private static final Duration ELECTION = Duration.ofMillis(1500);

    private final VirtualTime time;
    private final Seed seed;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Set<Member> outOfSpace = new TreeSet<>();
    private final Map<Long, Map<String, Long>> counted = new LinkedHashMap<>();
    private final long clusterId;
    private long revision = 48_211;
    private Instant countedUntil;
    private long term = 2;
    private Optional<Member> leader = Optional.empty();
    private int clusterMinor;

    public EtcdRing(VirtualTime time, Seed seed) {
        this.time = time;
        this.seed = seed;
        this.clusterId = seed.number("etcd cluster") | Long.MIN_VALUE;
        this.countedUntil = time.now();
    }

    /** Adds a member of a young cluster, running and caught up. */
    public Member add(String name, String address, String version) {
        Member member = new Member(name, address, seed.number("etcd member " + name) | Long.MIN_VALUE, version);
        members.put(name, member);
        clusterMinor = minor(version);
        leader = Optional.of(leader.orElse(member));
        return member;
    }

    /** Every member has what the others have, as in a cluster that has stood for a while. */
    public void settle() {
        members.values().forEach(Member::settle);
    }

    public List<Member> members() {
        return members.values().stream().sorted().toList();
    }

    public Optional<Member> member(String name) {
        return Optional.ofNullable(members.get(name));
    }

    public String clusterId() {
        return Long.toUnsignedString(clusterId);
    }

    public long revision() {
        long seconds = Duration.between(countedUntil, time.now()).toSeconds();
        if (seconds > 0) {
            revision += hasQuorum() ? seconds * BACKGROUND_WRITES_A_SECOND : 0;
            countedUntil = countedUntil.plusSeconds(seconds);
        }
        return revision;
    }

    /** One write through a leader. */
    public void write() {
        revision = revision() + 1;
    }

    public long term() {
        return term;
    }

    public long raftIndex() {
        return revision() + 7 * term + 211;
    }

    public Optional<Member> leader() {
        return leader.filter(Member::isRunning);
    }

    public boolean hasQuorum() {
        return members.values().stream().filter(Member::isRunning).count() > members.size() / 2;
    }

    /** Linearizable reads and all writes need it. */
    public boolean answers() {
        return hasQuorum() && leader().isPresent();
    }

    /** The lowest minor of the members: raised when the last of them is new. */
    public int clusterMinor() {
        return clusterMinor;
    }

    public boolean mixed() {
        return members.values().stream().map(Member::version).distinct().count() > 1;
    }

    /** Why a member of this version would not start on the data there is; empty when it would. */
    public Optional<String> refuses(String version) {
        int wanted = minor(version);
        if (wanted < clusterMinor) {
            return Optional.of("cluster cannot be downgraded (current version: " + version
                    + " is lower than determined " + "cluster version: 3." + clusterMinor + ")");
        }
        if (wanted > clusterMinor + 1) {
            return Optional.of("etcd " + version + " cannot join a cluster of version 3." + clusterMinor);
        }
        return Optional.empty();
    }

    public void stop(Member member) {
        member.stop(revision());
        if (leader.filter(member::equals).isPresent()) {
            leader = Optional.empty();
            time.after(ELECTION, this::elect);
        }
    }

    public void start(Member member, String version) {
        revision();
        member.start(version, time.now());
        clusterMinor = Math.max(
                clusterMinor,
                members.values().stream()
                        .mapToInt(each -> minor(each.version()))
                        .min()
                        .orElse(clusterMinor));
        time.after(ELECTION, this::elect);
    }

    /** Raises or ends NOSPACE at a member: while it is raised, nothing can be written. */
    public void space(Member member, boolean exhausted) {
        if (exhausted) {
            outOfSpace.add(member);
        } else {
            outOfSpace.remove(member);
        }
    }

    public List<Member> outOfSpace() {
        return new ArrayList<>(outOfSpace);
    }

    public boolean caughtUp(Member member) {
        return member.caughtUp(time.now());
    }

    /** What a member has applied: less than the leader until it has caught up. */
    public long applied(Member member) {
        return caughtUp(member) ? revision() : member.stoppedAt();
    }

    /** The same for every member that has this revision. */
    public long hash(long atRevision) {
        return hash(seed, lineage(), atRevision, compactRevision());
    }

    /** How many keys there were at a revision that was counted, and now otherwise. */
    public Map<String, Long> counts(long atRevision, Map<String, Long> now) {
        return counted.getOrDefault(atRevision, now);
    }

    /** What a member's database holds now. */
    public Database database(Member member, Map<String, Long> keys) {
        long applied = applied(member);
        counted.put(applied, keys);
        return new Database(member.version(), applied, Math.min(applied, compactRevision()), lineage(), keys);
    }

    /** Of one line of writes, at a revision, with the history up to another one gone. */
    public static long hash(Seed seed, String lineage, long at, long compacted) {
        return seed.number("hash " + lineage + " " + at + " " + compacted) & 0xffff_ffffL;
    }

    private String lineage() {
        return Long.toUnsignedString(clusterId);
    }

    /** The API servers compact every five minutes. */
    public long compactRevision() {
        long every = 300L * BACKGROUND_WRITES_A_SECOND;
        return Math.max(1, (revision() / every - 1) * every);
    }

    public static int minor(String version) {
        return Integer.parseInt(version.split("\\.", -1)[1]);
    }

    private void elect() {
        if (leader().isPresent() || !hasQuorum()) {
            return;
        }
        leader = members.values().stream().filter(Member::isRunning).findFirst();
        term++;
    }
}
