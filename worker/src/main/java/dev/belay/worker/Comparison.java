package dev.belay.worker;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Rung;
import dev.belay.worker.RoundTrip.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Two pictures of a world, before and after a way back, and which of their differences may be. The world only goes on: time, revisions and
 * pods that were made anew are never what they were. What a rung leaves as it stood is not its to take back; everything else is.
 *
 * @param before the picture to come back to
 * @param stood the picture when the run stood, before the way back
 * @param after the picture at the end
 * @param node the one that went back, for the rung node
 */
record Comparison(
        Rung rung,
        @Nullable NodeName node,
        Map<String, String> before,
        Map<String, String> stood,
        Map<String, String> after) {

    private record Rule(Pattern fields, String why) {

        static Rule of(String fields, String why) {
            return new Rule(Pattern.compile(fields), why);
        }
    }

    private static final String CERTIFICATES =
            "node/[^/]+/file/etc/kubernetes/(?:pki/(?!.*\\b(?:ca|sa)\\.).*|[a-z-]+\\.conf)";

    private static final List<Rule> ALWAYS = List.of(
            Rule.of("clock", "time goes on"),
            Rule.of("etcd/(?:revision|term|leader)|node/[^/]+/file/var/lib/etcd/.*", "etcd goes on"),
            Rule.of("api/pods/.*/uids", "pods that were moved or restarted are others"),
            Rule.of("node/[^/]+/file/etc/kubernetes/tmp/.*", "kubeadm keeps what it replaced"),
            Rule.of(CERTIFICATES, "certificates that kubeadm renewed stay: they are of the same CA"));

    private static final Rule NEWER_MANIFESTS = Rule.of(
            "node/[^/]+/file/etc/kubernetes/\\.belay-.*", "the newer manifests are kept until a person removes them");

    private static final List<Rule> RESTORED = List.of(
            Rule.of("etcd/clusterId|etcd/member/[^/]+/id", "what is restored is a new etcd cluster"),
            Rule.of(
                    "node/[^/]+/file/var/lib/etcd\\.before-belay-.*",
                    "the old data are kept until a person removes them"),
            NEWER_MANIFESTS,
            Rule.of(
                    "api/workload/.*/annotation/belay\\.dev/restarted-by",
                    "restarted, since its caches were of another past"));

    /** What a live downgrade of etcd takes back; and the lock of the climb, which is over. */
    private static final Pattern ETCD = Pattern.compile("etcd/(?:minor|member/[^/]+/version)"
            + "|node/[^/]+/file/etc/kubernetes/manifests/etcd\\.yaml"
            + "|api/pods/kube-system/etcd-[^/]+/images"
            + "|api/lease/kube-system/belay");

    /** The world as it stood, but for etcd's program, which is to be the one before. */
    static Map<String, String> withEtcdOf(Map<String, String> before, Map<String, String> stood) {
        Map<String, String> mixed = new TreeMap<>(stood);
        before.forEach((field, value) -> {
            if (ETCD.matcher(field).matches()) {
                mixed.put(field, value);
            }
        });
        return mixed;
    }

    /** A difference, and whether it may be. */
    private record Judged(Difference difference, boolean may) {}

    List<Difference> may() {
        return judged().stream().filter(Judged::may).map(Judged::difference).toList();
    }

    List<Difference> mustNot() {
        return judged().stream()
                .filter(judged -> !judged.may())
                .map(Judged::difference)
                .toList();
    }

    private List<Judged> judged() {
        TreeSet<String> fields = new TreeSet<>(before.keySet());
        fields.addAll(after.keySet());
        List<Judged> judged = new ArrayList<>();
        for (String field : fields) {
            if (!Objects.equals(before.get(field), after.get(field))) {
                Optional<String> why = allowed(field);
                judged.add(new Judged(
                        new Difference(
                                field, before.get(field), after.get(field), why.orElse("this was to be as before")),
                        why.isPresent()));
            }
        }
        return judged;
    }

    private Optional<String> allowed(String field) {
        return rule(ALWAYS, field)
                .or(() -> rule(own(), field))
                .or(() -> leaves(field) && Objects.equals(stood.get(field), after.get(field))
                        ? Optional.of("as it stood: not for the rung " + rung.text() + " to take back")
                        : Optional.empty());
    }

    private List<Rule> own() {
        return switch (rung) {
            case RESTORE -> RESTORED;
            case ETCD_DOWNGRADE -> List.of(NEWER_MANIFESTS);
            case STEP, NODE, HOLD -> List.of();
        };
    }

    /** A restore takes back everything, a node its own, a step what was before it; to hold leaves what is new. */
    private boolean leaves(String field) {
        return switch (rung) {
            case HOLD -> true;
            case NODE -> !field.startsWith("node/" + node + "/") && !field.startsWith("api/node/" + node + "/");
            case STEP, ETCD_DOWNGRADE, RESTORE -> false;
        };
    }

    private static Optional<String> rule(List<Rule> rules, String field) {
        return rules.stream()
                .filter(rule -> rule.fields().matcher(field).matches())
                .findFirst()
                .map(Rule::why);
    }
}
