package dev.belay.activities.steps;

import dev.belay.activities.host.Host;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.HopFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Flags on a node with which a component of the next minor would not start. */
public final class RemovedFlags {

    private static final String KUBEADM_ENV = "/var/lib/kubelet/kubeadm-flags.env";
    private static final List<String> KUBELET_FILES =
            List.of(KUBEADM_ENV, "/etc/default/kubelet", "/etc/sysconfig/kubelet");
    /** What `kubeadm upgrade` of the minor that removed it takes out of its own environment file. */
    private static final Set<String> TAKEN_OUT_BY_KUBEADM =
            Set.of("--container-runtime", "--pod-infra-container-image", "--network-plugin");

    private static final Pattern FLAG = Pattern.compile("(?<![\\w-])--[a-z][a-z0-9-]{1,60}(?![a-z0-9-])");

    private RemovedFlags() {}

    /** One phrase for each. */
    public static List<String> of(Host host, StaticPods pods, Hop hop) {
        List<String> found = new ArrayList<>(ofKubelet(host, hop, false));
        if (!HopFacts.knows(hop.to())) {
            return found;
        }
        HopFacts facts = HopFacts.load(hop.to().minorText());
        pods.byComponent().forEach((component, pod) -> {
            List<String> removed = facts.removedFlags(component);
            pod.flags().stream()
                    .map(flag -> flag.contains("=") ? flag.substring(0, flag.indexOf('=')) : flag)
                    .filter(removed::contains)
                    .forEach(flag -> found.add(pod.file() + " has " + flag));
        });
        return found;
    }

    /**
     * Flags of the kubelet alone, which may skip minors.
     *
     * @param afterKubeadm kubeadm of the target has run on this node, so what it takes out must be gone
     */
    public static List<String> ofKubelet(Host host, Hop hop, boolean afterKubeadm) {
        List<String> removed = removedOnTheWay(hop);
        List<String> found = new ArrayList<>();
        for (String path : KUBELET_FILES) {
            String text = host.read(path)
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .orElse("");
            Matcher match = FLAG.matcher(text);
            while (match.find()) {
                String flag = match.group();
                boolean healed = !afterKubeadm && path.equals(KUBEADM_ENV) && TAKEN_OUT_BY_KUBEADM.contains(flag);
                if (removed.contains(flag) && !healed) {
                    found.add(path + " has " + flag);
                }
            }
        }
        return found;
    }

    private static List<String> removedOnTheWay(Hop hop) {
        int first = Math.min(hop.from().minor() + 1, hop.to().minor());
        return HopFacts.all().stream()
                .filter(facts -> {
                    int minor = facts.newest().version().minor();
                    return minor >= first && minor <= hop.to().minor();
                })
                .flatMap(facts -> facts.removedFlags("kubelet").stream())
                .toList();
    }
}
