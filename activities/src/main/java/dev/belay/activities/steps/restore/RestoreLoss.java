package dev.belay.activities.steps.restore;

import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.KeyPrefix;
import dev.belay.activities.steps.EtcdPicture;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a restore of a snapshot takes away, as etcd has it now: writes, and the keys that were made since. What was changed or deleted since is
 * among the writes and not listed.
 *
 * @param writes revisions since the snapshot
 * @param made keys that were created since, in order
 * @param whole false when there are more than are listed
 */
public record RestoreLoss(long writes, List<String> made, boolean whole) {

    private static final int MOST = 50_000;
    private static final int KINDS = 8;

    public RestoreLoss {
        made = List.copyOf(made);
    }

    /** As the member that is furthest has it; empty when etcd does not answer. */
    public static Optional<RestoreLoss> since(EtcdCluster etcd, long snapshot) {
        return StepFailure.ifAnswered(() -> EtcdPicture.take(etcd)).flatMap(seen -> since(etcd, seen, snapshot));
    }

    /** The same where the members were asked just now. */
    static Optional<RestoreLoss> since(EtcdCluster etcd, EtcdPicture seen, long snapshot) {
        return seen.members().stream()
                .filter(member -> seen.statuses().containsKey(member.name()))
                .max(Comparator.comparingLong(member -> revision(seen, member)))
                .flatMap(member -> StepFailure.ifAnswered(() -> etcd.createdSince(member, snapshot, MOST))
                        .map(made -> new RestoreLoss(
                                Math.max(0, revision(seen, member) - snapshot), made, made.size() < MOST)));
    }

    private static long revision(EtcdPicture picture, EtcdMember member) {
        return Objects.requireNonNull(picture.statuses().get(member.name())).revision();
    }

    /** {@code 214 writes, and with them 3 objects made since: 2 pods, 1 configmaps}. */
    public String words() {
        return words("");
    }

    /** The same, with the time in which they were made. */
    String words(String span) {
        return writes + " writes" + span + ", and with them " + (whole ? "" : "at least ") + made.size()
                + " objects made since" + (made.isEmpty() ? "" : ": " + kinds());
    }

    /** One key a line. */
    byte[] text() {
        return (String.join("\n", made) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private String kinds() {
        Map<String, Long> counts =
                made.stream().collect(Collectors.groupingBy(RestoreLoss::kind, TreeMap::new, Collectors.counting()));
        String most = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(KINDS)
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        return counts.size() > KINDS ? most + ", and " + (counts.size() - KINDS) + " other kinds" : most;
    }

    private static String kind(String key) {
        String prefix = KeyPrefix.of(key);
        return prefix.substring(prefix.lastIndexOf('/') + 1);
    }
}
