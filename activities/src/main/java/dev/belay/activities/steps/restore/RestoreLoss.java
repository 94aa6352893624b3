package dev.belay.activities.steps.restore;

import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.KeyPrefix;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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

    /** Empty when etcd does not answer. */
    public static Optional<RestoreLoss> since(EtcdCluster etcd, long snapshot) {
        try {
            EtcdMember member = etcd.members().get(0);
            long now = etcd.status(member).revision();
            List<String> made = etcd.createdSince(member, snapshot, MOST);
            return Optional.of(new RestoreLoss(Math.max(0, now - snapshot), made, made.size() < MOST));
        } catch (StepFailure e) {
            if (e.failure().kind() != FailureKind.TRANSIENT) {
                throw e;
            }
            return Optional.empty();
        }
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
