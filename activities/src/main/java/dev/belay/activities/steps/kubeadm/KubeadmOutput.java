package dev.belay.activities.steps.kubeadm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** kubeadm's text, for diagnosis: the verdict is its exit code. Lines differ by version, so they are matched by prefix. */
record KubeadmOutput(String text) {

    private static final Pattern ERROR = Pattern.compile("^\\s*\\[ERROR ([A-Za-z0-9.-]+)]: ?(.*)$");
    private static final Pattern NEW_LINE_OF_ITS_OWN =
            Pattern.compile("^(\\[[a-z/-]+]|error:|To see the stack trace|[EWI]\\d{4} ).*");
    private static final List<String> FATAL = List.of(
            "[upgrade/apply] FATAL:",
            "[upgrade/etcd] FATAL:",
            "error execution phase",
            "error:",
            "couldn't upgrade control plane",
            "unable to ",
            "failed to ");

    private static final List<String> CHANGING =
            List.of("[upgrade/staticpods]", "[upgrade/etcd]", "[certs]", "[kubelet-start]", "[addons]");
    private static final Pattern NO_ANSWER =
            Pattern.compile("connection refused|connection reset by peer|\\bEOF\\b|TLS handshake|i/o timeout"
                    + "|etcdserver: (leader changed|request timed out|no leader)|the server is currently unable|Too Many Requests|Unauthorized"
                    + "|is forbidden: User");

    /** What happened, by a text that kubeadm prints; the first that is found counts. */
    private enum Sign {
        ETCD_NOT_ROLLED_BACK(
                "fatal error rolling back local etcd cluster",
                "kubeadm could not roll etcd back; its copy of the database is named in the output: do not retry before etcd is looked at"),
        ETCD_ROLLED_BACK(
                "fatal error when trying to upgrade the etcd cluster",
                "kubeadm put the old etcd back; look why the new one did not come up (its container's log, disk), then retry"),
        STATIC_POD_HASH(
                "did not change after",
                "kubeadm waited in vain for a static pod; look at that container's log and the kubelet's on this node, then retry"),
        STATIC_POD_UNSEEN(
                "failed to obtain static Pod hash",
                "kubeadm could not ask the API server while it waited; look whether it is ready now, then retry"),
        RECOVERED(
                "kubeadm has tried to recover everything into the earlier state",
                "kubeadm put the old manifests back (not etcd's); repair the cause it names, then retry"),
        ETCD_UNHEALTHY("etcd cluster is not healthy", "heal etcd: kubeadm asks every member; then retry"),
        CONFIG_MISSING(
                "ConfigMap \"kubeadm-config\"",
                "rebuild it with `kubeadm init phase upload-config kubeadm --config <file>`, reviewed; then retry"),
        SKEW(
                "the version argument is invalid due to these",
                "kubeadm refuses this version; it moves one minor at a time, each with its own kubeadm. --force is never used"),
        OLD_CONFIG("uses an old API spec", "migrate the file with `kubeadm config migrate` of the older kubeadm"),
        UNKNOWN_FLAG("unknown flag", "take the flag out of the component's arguments"),
        IMAGE("ImagePull", "look whether this node can pull what `kubeadm config images list` names"),
        CA_KEY("couldn't load the private key file", "an external CA: make the named file ready beforehand");

        private final String text;
        private final String next;

        Sign(String text, String next) {
            this.text = text;
            this.next = next;
        }
    }

    /** Every check that refused, with its whole message, by name. */
    Map<String, String> preflightErrors() {
        Map<String, String> errors = new LinkedHashMap<>();
        String name = "";
        for (String line : text.lines().toList()) {
            Matcher match = ERROR.matcher(line);
            if (match.matches()) {
                name = match.group(1);
                errors.merge(name, match.group(2).strip(), (a, b) -> a + "; " + b);
            } else if (NEW_LINE_OF_ITS_OWN.matcher(line).matches()) {
                name = "";
            } else if (!name.isEmpty() && !line.isBlank()) {
                errors.merge(name, line.strip(), (a, b) -> a + " " + b);
            }
        }
        return errors;
    }

    /** The lines that say what failed, shortest way. */
    String fatal() {
        List<String> lines = text.lines()
                .map(String::strip)
                .filter(line -> FATAL.stream().anyMatch(line::startsWith))
                .distinct()
                .toList();
        if (!lines.isEmpty()) {
            return lines.stream().limit(4).collect(Collectors.joining(" "));
        }
        return text.lines().filter(line -> !line.isBlank()).reduce("no output", (a, b) -> b);
    }

    /** It ended because the API was away, or did not know its roles yet, and before it began to change anything. */
    boolean hadNoAnswer() {
        return NO_ANSWER.matcher(fatal()).find() && CHANGING.stream().noneMatch(text::contains);
    }

    /** What to do about it. */
    String next(String otherwise) {
        for (Sign sign : Sign.values()) {
            if (text.contains(sign.text)) {
                return sign.next;
            }
        }
        return otherwise;
    }

    /** Component configurations that kubeadm wants a person to migrate first. */
    List<String> manualUpgrades() {
        List<String> groups = new ArrayList<>();
        boolean table = false;
        for (String line : text.lines().toList()) {
            if (line.contains("MANUAL UPGRADE REQUIRED")) {
                table = true;
            } else if (table && line.strip().endsWith(" yes")) {
                groups.add(line.strip().split("\\s+", 2)[0]);
            } else if (line.isBlank()) {
                table = false;
            }
        }
        return groups;
    }
}
