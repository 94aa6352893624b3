package dev.belay.activities.steps.check;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.Host;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.steps.Baseline;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EachHost;
import dev.belay.activities.steps.EachHost.Answer;
import dev.belay.activities.steps.Findings;
import dev.belay.activities.steps.Nothing;
import dev.belay.activities.steps.RemovedFlags;
import dev.belay.activities.steps.StaticPods;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks at every node as the API has it and at its host: Ready, no pressure, kubelet active, cgroup version, static pod manifests without
 * strays (F19), flags that the next minor no longer knows (F09 to F12). Writes down which workloads are not available before the hop, so
 * that nobody waits for them after it.
 */
public final class CheckNodes extends DeclaredStep<Nothing, CheckNodes.Output> {

    private static final int CGROUP_V1_REFUSED = 35;

    public record Output(
            @Doc("Nodes looked at") int nodes,

            @Doc("Nodes that were found cordoned and will stay so")
            List<String> cordoned,

            @Doc("Workloads that were not available before the hop")
            List<String> unavailable) {}

    /** What one host said of itself. */
    private record Seen(
            String kubelet,
            String cgroup,
            List<String> strays,
            List<String> flags,
            boolean apiServer,
            boolean toleratesV1) {}

    public CheckNodes() {
        super(
                "check.nodes",
                "Looks at every node and its host: ready, no pressure, no stray manifests, no flag that the next minor has lost",
                Nothing.class,
                Output.class,
                Traits.cluster("10m", "5s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        Findings findings = new Findings();
        Map<NodeName, KubeNode> nodes = new TreeMap<>();
        context.kube().nodes().forEach(node -> nodes.put(node.name(), node));
        nodes.values().forEach(node -> judge(node, findings));
        Hop hop = context.call().hop();
        for (Answer<Seen> answer :
                EachHost.of(context, context.inventory().nodes(), (entry, host) -> look(host, hop))) {
            if (answer.failure() != null) {
                findings.stop(answer.failure());
            }
            answer.seen().ifPresent(seen -> judge(context, answer.entry(), seen, findings));
        }
        findings.judge();
        Baseline baseline = Baseline.of(context);
        List<String> cordoned = nodes.values().stream()
                .filter(node -> !node.schedulable())
                .map(node -> node.name().value())
                .toList();
        if (!cordoned.isEmpty()) {
            findings.warn("found cordoned: " + String.join(", ", cordoned));
        }
        if (!baseline.unavailable().isEmpty()) {
            findings.warn("not available before the hop: " + String.join(", ", baseline.unavailable()));
        }
        return Done.done(
                new Output(nodes.size(), cordoned, baseline.unavailable()),
                findings.report(nodes.size() + " nodes are ready"));
    }

    private static void judge(KubeNode node, Findings findings) {
        if (!node.ready()) {
            findings.stop(
                    "NODE_NOT_READY",
                    "node " + node.name() + " is not Ready",
                    "look at its kubelet: `journalctl -u kubelet` on " + node.name());
        }
        if (!node.pressures().isEmpty()) {
            findings.stop(
                    "NODE_PRESSURE",
                    "node " + node.name() + " has " + node.pressures(),
                    "free what is short on " + node.name());
        }
    }

    private static Seen look(Host host, Hop hop) {
        StaticPods pods = StaticPods.of(host);
        return new Seen(
                host.run(Command.of("systemctl", "is-active", "kubelet")).out().strip(),
                host.run(Command.of("stat", "-fc", "%T", "/sys/fs/cgroup"))
                        .out()
                        .strip(),
                pods.strays(),
                RemovedFlags.of(host, pods, hop),
                pods.pod("kube-apiserver").isPresent(),
                host.read("/var/lib/kubelet/config.yaml")
                        .map(text -> new String(text, StandardCharsets.UTF_8))
                        .filter(text -> text.lines().anyMatch(line -> line.matches("failCgroupV1:\\s*false\\s*")))
                        .isPresent());
    }

    private static void judge(StepContext context, HostEntry entry, Seen seen, Findings findings) {
        if (!seen.kubelet().equals("active")) {
            findings.stop(
                    "KUBELET_DOWN",
                    entry.node() + ": its kubelet is " + seen.kubelet(),
                    "`systemctl status kubelet` on " + entry.node());
        }
        seen.strays()
                .forEach(stray -> findings.stop(
                        "STRAY_MANIFEST",
                        entry.node() + ": " + stray + "; the kubelet runs both",
                        "move copies out of " + StaticPods.DIRECTORY));
        seen.flags()
                .forEach(flag -> findings.stop(
                        "REMOVED_FLAG",
                        entry.node() + ": " + flag + ", which "
                                + context.call().hop().to().minorText() + " does not know: it would not start",
                        "take the flag out (for static pods also out of kubeadm-config)"));
        boolean controlPlane = entry.role() == NodeRole.CONTROL_PLANE;
        if (seen.apiServer() != controlPlane) {
            findings.stop(
                    "WRONG_MANIFESTS",
                    entry.node() + " is a " + entry.role().text() + " but has "
                            + (controlPlane ? "no" : "a") + " static pod kube-apiserver: kubeadm would take it for "
                            + (controlPlane ? "a worker" : "a control plane"),
                    "repair " + StaticPods.DIRECTORY + " or the inventory");
        }
        cgroup(context, entry, seen, findings);
    }

    private static void cgroup(StepContext context, HostEntry entry, Seen seen, Findings findings) {
        if (seen.cgroup().equals("cgroup2fs") || context.call().hop().to().minor() < CGROUP_V1_REFUSED) {
            return;
        }
        boolean ignored = context.inventory().ignorePreflightErrors().stream()
                .anyMatch(error -> error.name().equals("SystemVerification"));
        if (ignored && seen.toleratesV1()) {
            findings.warn(entry.node() + " runs on cgroup v1, which 1.35 and later refuse by default");
            return;
        }
        findings.stop(
                "CGROUP_V1",
                entry.node() + " runs on cgroup v1 (" + seen.cgroup()
                        + "): kubelets of 1.35 and later do not start on it",
                "move its operating system to cgroup v2; or set failCgroupV1: false in kubelet-config and let the inventory ignore SystemVerification");
    }
}
