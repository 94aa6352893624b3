package dev.belay.twin.etcd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The members' database files: what is in use of them, and the alarms of those that are full. A file never shrinks by itself: compaction frees
 * its pages, and only a defragmentation gives them back. Sizes in bytes.
 */
public final class Space {

    /** etcd's default. */
    public static final long QUOTA = 2L << 30;

    private static final long YOUNG_FILE = 23_068_672;
    private static final long PRESENT = 14_680_064;

    private final Map<Member, Long> sizes = new TreeMap<>();
    private final Map<Member, Long> histories = new TreeMap<>();
    private final Set<Member> alarms = new TreeSet<>();

    public long size(Member member) {
        return sizes.getOrDefault(member, YOUNG_FILE);
    }

    public long inUse(Member member) {
        return PRESENT + histories.getOrDefault(member, 0L);
    }

    /** History that nobody has compacted fills the file: no write is taken from now on. */
    public void fill(Member member) {
        sizes.put(member, QUOTA);
        histories.put(member, QUOTA - PRESENT);
        alarms.add(member);
    }

    /** As if somebody had made room, and ended the alarm. */
    public void mend(Member member) {
        sizes.remove(member);
        histories.remove(member);
        alarms.remove(member);
    }

    /** Members whose alarm NOSPACE is raised. */
    public List<Member> alarms() {
        return new ArrayList<>(alarms);
    }

    void clear() {
        sizes.clear();
        histories.clear();
        alarms.clear();
    }

    void compacted() {
        histories.clear();
    }

    /** Its file has nothing but what is in use afterwards. */
    public void defragment(Member member) {
        sizes.put(member, inUse(member));
    }

    /** Ends the alarm; the next write, and there is always one, raises it again where the file is still full. */
    public void disarm(Member member) {
        if (size(member) < QUOTA) {
            alarms.remove(member);
        }
    }
}
