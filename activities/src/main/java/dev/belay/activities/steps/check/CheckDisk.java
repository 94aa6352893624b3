package dev.belay.activities.steps.check;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EachHost;
import dev.belay.activities.steps.EachHost.Answer;
import dev.belay.activities.steps.Findings;
import dev.belay.activities.steps.FreeSpace;
import dev.belay.activities.steps.Nothing;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.NodeRole;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks for room on every node: kubeadm copies the whole etcd data directory under {@code /etc/kubernetes/tmp} when etcd changes and keeps
 * it, two sets of images lie in the runtime's store, and apt unpacks packages. The directory is the database, its write-ahead log (at most
 * six files of 64 MB) and snapshots, so 1.5 times the database and 400 MB are asked for.
 */
public final class CheckDisk extends DeclaredStep<Nothing, CheckDisk.Output> {

    private static final long GB = 1L << 30;
    private static final long MB = 1L << 20;
    private static final long WAL = 400 * MB;
    private static final long APT = 300 * MB;

    public record Output(
            @Doc("The least room found on any filesystem looked at, in bytes")
            long least) {}

    public CheckDisk() {
        super(
                "check.disk",
                "Looks for room on every node: kubeadm's copy of etcd's data, two sets of images, packages",
                Nothing.class,
                Output.class,
                Traits.cluster("5m", "3s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        Map<String, Long> databases = databases(context);
        Findings findings = new Findings();
        long least = Long.MAX_VALUE;
        List<HostEntry> entries = context.inventory().nodes();
        for (Answer<Map<String, Long>> answer : EachHost.of(context, entries, (entry, host) -> look(entry, host))) {
            if (answer.failure() != null) {
                findings.stop(answer.failure());
                continue;
            }
            Map<String, Long> free = answer.seen().orElseThrow();
            judge(answer.entry(), free, databases, findings);
            least = Math.min(
                    least,
                    free.values().stream().mapToLong(Long::longValue).min().orElse(least));
        }
        findings.judge();
        return Done.done(new Output(least), findings.report("every node has room; the least is " + least / MB + " MB"));
    }

    private static Map<String, Long> databases(StepContext context) {
        Map<String, Long> sizes = new TreeMap<>();
        for (EtcdMember member : context.etcd().members()) {
            sizes.put(member.name(), context.etcd().status(member).dbSize());
        }
        return sizes;
    }

    private static Map<String, Long> look(HostEntry entry, Host host) {
        Map<String, Long> free = new LinkedHashMap<>();
        if (entry.role() == NodeRole.CONTROL_PLANE) {
            free.put("/etc/kubernetes", FreeSpace.on(host, "/etc/kubernetes"));
        }
        CommandOutput containerd = FreeSpace.ask(host, "/var/lib/containerd");
        free.put(
                containerd.ok() ? "/var/lib/containerd" : "/var/lib",
                containerd.ok() ? FreeSpace.read(host, containerd) : FreeSpace.on(host, "/var/lib"));
        free.put("/var", FreeSpace.on(host, "/var"));
        return free;
    }

    private static void judge(HostEntry entry, Map<String, Long> free, Map<String, Long> databases, Findings findings) {
        boolean controlPlane = entry.role() == NodeRole.CONTROL_PLANE;
        long database = databases.getOrDefault(entry.node().value(), 0L);
        free.forEach((path, bytes) -> {
            long needed =
                    switch (path) {
                        case "/etc/kubernetes" -> database + database / 2 + WAL;
                        case "/var" -> APT;
                        default -> controlPlane ? 3 * GB : 3 * GB / 2;
                    };
            if (bytes < needed) {
                findings.stop(
                        "DISK_FULL",
                        entry.node() + ": " + path + " has " + bytes / MB + " MB free, " + needed / MB
                                + " MB are needed",
                        "free space there (old copies of etcd lie under /etc/kubernetes/tmp, unused images in the runtime)");
            }
        });
    }
}
