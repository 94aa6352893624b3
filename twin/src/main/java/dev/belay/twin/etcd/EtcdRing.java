package dev.belay.twin.etcd;

import dev.belay.activities.etcd.KeyPrefix;
import dev.belay.twin.etcd.DataDirectory.Identity;
import dev.belay.twin.time.Seed;
import dev.belay.twin.time.VirtualTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The members, what they agree on, and the rules for members of different minors. The revision only goes on: by every write of the API, and by
 * the cluster's own background writes while there is a quorum. A member that begins with the data of another cluster stands apart, until most
 * of that cluster's members run: then that cluster takes the place of the one before, and the API has what that one holds.
 */
public final class EtcdRing {

    private static final int BACKGROUND_WRITES_A_SECOND = 3;
    private static final Duration ELECTION = Duration.ofMillis(1500);
    private static final Duration VERSION_MONITOR = Duration.ofSeconds(1);
    private static final int FIRST_WITH_STORAGE_VERSION = 6;

    private final VirtualTime time;
    private final Seed seed;
    private final MemberList list = new MemberList();
    private final Space space = new Space();
    private final ClusterVersion clusterVersion = new ClusterVersion();
    private final Map<Long, Map<String, Long>> counted = new LinkedHashMap<>();
    private final Map<String, Long> created = new TreeMap<>();
    private Contents contents = Contents.NONE;
    private long clusterId;
    private long compacted = 1;
    private long revision = 48_211;
    private Instant countedUntil;
    private long term = 2;
    private Optional<Member> leader = Optional.empty();

    public EtcdRing(VirtualTime time, Seed seed) {
        this.time = time;
        this.seed = seed;
        this.clusterId = seed.number("etcd cluster") | Long.MIN_VALUE;
        this.countedUntil = time.now();
    }

    /** Adds a member of a young cluster, running and caught up. */
    public Member add(String name, String address, String version) {
        long id = seed.number("etcd member " + name) | Long.MIN_VALUE;
        Member member = new Member(name, address, id, clusterId, version);
        list.add(member);
        clusterVersion.found(minor(version));
        leader = Optional.of(leader.orElse(member));
        return member;
    }

    public void keep(Contents what) {
        contents = what;
    }

    /** The log of a member as it is since the cluster began. */
    public void found(String name, DataDirectory directory) {
        directory.begin(list.identity(clusterId, name));
    }

    /** Every member has what the others have, as in a cluster that has stood for a while. */
    public void settle() {
        list.all().forEach(Member::settle);
    }

    public List<Member> members() {
        return list.all().stream().sorted().toList();
    }

    public Optional<Member> member(String name) {
        return list.named(name);
    }

    public String clusterId() {
        return Long.toUnsignedString(clusterId);
    }

    public long revision() {
        long seconds = Duration.between(countedUntil, time.now()).toSeconds();
        if (seconds > 0) {
            revision += hasQuorum() && space.alarms().isEmpty() ? seconds * BACKGROUND_WRITES_A_SECOND : 0;
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
        return leader.filter(this::serves);
    }

    public boolean hasQuorum() {
        return list.all().stream().filter(this::serves).count() > list.voting().size() / 2;
    }

    /** It runs, with the data of the cluster that the others have too, and has a vote. */
    public boolean serves(Member member) {
        return belongs(member) && !member.isLearner();
    }

    /** It runs with the data of the cluster that the others have too. */
    public boolean belongs(Member member) {
        return member.isRunning() && member.cluster() == clusterId;
    }

    /** The cluster whose data a member has. */
    public String clusterId(Member member) {
        return Long.toUnsignedString(member.cluster());
    }

    /** Linearizable reads and all writes need it. */
    public boolean answers() {
        return hasQuorum() && leader().isPresent();
    }

    /** The lowest minor of the members: raised when the last of them is new. */
    public int clusterMinor() {
        return clusterVersion.minor();
    }

    private void agree() {
        clusterVersion.agree(list.all().stream()
                .map(each -> each.cluster() == clusterId ? minor(each.version()) : clusterMinor())
                .toList());
    }

    /** Why the members may not be taken back to a version; empty when they may. */
    public Optional<String> refusesDowngrade(String version) {
        return clusterVersion.refuses(version);
    }

    /** The cluster version falls, and with it what the members' data are written for, when the leader looks next. */
    public void enableDowngrade(String version) {
        clusterVersion.enable(version);
        time.after(VERSION_MONITOR, this::agree);
    }

    /** The cluster version rises again when the leader looks next, if no member is of the older minor yet. */
    public void cancelDowngrade() {
        clusterVersion.cancel();
        time.after(VERSION_MONITOR, this::agree);
    }

    /** What the data of a member are written for. */
    public Optional<String> storageVersion(Member member) {
        return minor(member.version()) < FIRST_WITH_STORAGE_VERSION
                ? Optional.empty()
                : Optional.of("3." + clusterMinor() + ".0");
    }

    /** The version of the downgrade that is enabled, as a member tells it. */
    public Optional<String> downgradeTarget(Member member) {
        return clusterVersion
                .target()
                .filter(any -> minor(member.version()) >= FIRST_WITH_STORAGE_VERSION)
                .map(minor -> "3." + minor + ".0");
    }

    public boolean mixed() {
        return list.all().stream().map(Member::version).distinct().count() > 1;
    }

    /** Why a process would not start as it begins; empty when it would. */
    public Optional<String> refuses(Beginning how) {
        Optional<Identity> identity = how.directory().identity();
        if (identity.isEmpty()) {
            return list.refuses(how).or(() -> refuses(how.version(), clusterMinor()));
        }
        boolean ours = identity.get().clusterId() == clusterId;
        if (ours && list.hasRemoved(identity.get())) {
            return Optional.of("the member has been permanently removed from the cluster");
        }
        return refuses(
                how.version(),
                ours
                        ? clusterMinor()
                        : how.directory().database().map(Database::clusterMinor).orElse(clusterMinor()));
    }

    private static Optional<String> refuses(String version, int agreed) {
        int wanted = minor(version);
        if (wanted < agreed) {
            return Optional.of("cluster cannot be downgraded (current version: " + version
                    + " is lower than determined cluster version: 3." + agreed + ")");
        }
        if (wanted > agreed + 1) {
            return Optional.of("etcd " + version + " cannot join a cluster of version 3." + agreed);
        }
        return Optional.empty();
    }

    public void stop(Member member) {
        if (!member.isRunning()) {
            return;
        }
        leave(member);
        member.stop(applied(member));
        if (leader.filter(member::equals).isPresent()) {
            leader = Optional.empty();
            time.after(ELECTION, this::elect);
        }
    }

    /** What it wrote stays in its directory, if that is still where it was. */
    private void leave(Member member) {
        member.directory()
                .filter(directory -> belongs(member)
                        && directory
                                .identity()
                                .filter(identity -> identity.clusterId() == member.cluster())
                                .isPresent())
                .ifPresent(directory -> directory.leave(content(member)));
    }

    /** A process begins with what lies in its directory, or takes the place that waits for it. */
    public void start(Beginning how) {
        revision();
        Member member = member(how.name()).orElseGet(() -> joined(how));
        member.open(how.directory());
        start(member, how.version());
    }

    private Member joined(Beginning how) {
        long id = list.waiting().orElseThrow().id();
        String address = URI.create(how.peerUrls().get(0)).getHost();
        Member learner = new Member(how.name(), address, id, clusterId, how.version()).learn(leader().orElseThrow());
        list.join(learner);
        how.directory().begin(list.identity(clusterId, how.name()));
        return learner;
    }

    /** Who is a member, and how that changes. */
    public Membership membership() {
        return new Membership(this, list, seed);
    }

    /** A member begins with what it had. */
    public void start(Member member, String version) {
        revision();
        member.start(version, time.now());
        change(member);
        agree();
        time.after(ELECTION, this::elect);
    }

    /** Lets the cluster of this member take the place of the one before, once most of its members run. */
    private void change(Member member) {
        Optional<Identity> identity = member.directory().flatMap(DataDirectory::identity);
        Optional<Database> database = member.directory().flatMap(DataDirectory::database);
        if (member.cluster() == clusterId || identity.isEmpty() || database.isEmpty()) {
            return;
        }
        long running = list.all().stream()
                .filter(each -> each.isRunning() && each.cluster() == member.cluster())
                .count();
        if (running > identity.get().members().size() / 2) {
            adopt(identity.get(), database.get());
        }
    }

    private void adopt(Identity identity, Database database) {
        clusterId = identity.clusterId();
        list.become(identity);
        revision = database.revision();
        countedUntil = time.now();
        compacted = database.compacted();
        clusterVersion.found(database.clusterMinor());
        term = 2;
        leader = Optional.empty();
        space.clear();
        counted.clear();
        contents.restored(database.objects());
        contents.keys().forEach(key -> created.putIfAbsent(key, 1L));
    }

    public Space space() {
        return space;
    }

    /** Lets the history before a revision go. */
    public void compact(long to) {
        if (to > compactRevision()) {
            compacted = to;
            space.compacted();
        }
    }

    /** A member that leads from now on, if it can. */
    public void lead(Member member) {
        if (serves(member)
                && caughtUp(member)
                && leader().filter(member::equals).isEmpty()) {
            leader = Optional.of(member);
            term++;
        }
    }

    public boolean caughtUp(Member member) {
        return member.caughtUp(time.now());
    }

    /** What a member has applied: less than the leader until it has caught up. */
    public long applied(Member member) {
        return belongs(member) && caughtUp(member) ? revision() : member.stoppedAt();
    }

    /** The same for every member that has this revision of the same writes. */
    public long hash(Member member, long atRevision) {
        return hash(seed, member.lineage(), atRevision, compactRevision());
    }

    /** How many keys there were at a revision that was counted, and now otherwise. */
    public Map<String, Long> counts(long atRevision) {
        return counted.getOrDefault(atRevision, counts());
    }

    /** Keys that were not there yet at a revision at which a snapshot was taken. */
    public List<String> createdSince(long snapshot) {
        note();
        return contents.keys().stream()
                .filter(key -> created.getOrDefault(key, 0L) > snapshot)
                .toList();
    }

    /** What a member's database holds now. */
    public Database database(Member member) {
        note();
        Database database = content(member);
        counted.put(database.revision(), database.keys());
        return database;
    }

    /** Keys are not followed one by one: one that is new since the last look was created by now. */
    private void note() {
        List<String> keys = contents.keys();
        created.keySet().retainAll(keys);
        keys.forEach(key -> created.putIfAbsent(key, revision()));
    }

    private Map<String, Long> counts() {
        return contents.keys().stream()
                .collect(Collectors.groupingBy(KeyPrefix::of, TreeMap::new, Collectors.counting()));
    }

    private Database content(Member member) {
        long applied = applied(member);
        return new Database(
                member.version(),
                clusterMinor(),
                applied,
                Math.min(applied, compactRevision()),
                member.lineage(),
                counts(),
                contents.objects());
    }

    /** Of one line of writes, at a revision, with the history up to another one gone. */
    public static long hash(Seed seed, String lineage, long at, long compacted) {
        return seed.number("hash " + lineage + " " + at + " " + compacted) & 0xffff_ffffL;
    }

    /** The API servers compact every five minutes. */
    public long compactRevision() {
        long every = 300L * BACKGROUND_WRITES_A_SECOND;
        return Math.max(compacted, (revision() / every - 1) * every);
    }

    public static int minor(String version) {
        return Integer.parseInt(version.split("\\.", -1)[1]);
    }

    private void elect() {
        if (leader().isPresent() || !hasQuorum()) {
            return;
        }
        leader = list.all().stream().filter(this::serves).findFirst();
        term++;
    }
}
