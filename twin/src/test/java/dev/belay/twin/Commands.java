package dev.belay.twin;

import dev.belay.activities.Ports;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Job;
import dev.belay.activities.host.JobOutcome;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a person would type on the nodes of a simulated cluster. */
record Commands(Ports ports) {

    Host host(String node) {
        return ports.hosts().on(new NodeName(node));
    }

    CommandOutput run(String node, String command) {
        return host(node).run(Command.root(command.split(" ", -1)));
    }

    String out(String node, String command) {
        return run(node, command).out().strip();
    }

    JobOutcome job(String node, String key, String command) {
        return host(node).job(job(key, command), () -> {});
    }

    static Job job(String key, String command) {
        return new Job(key, List.of(command.split(" ", -1)), Map.of(), Duration.ofMinutes(45));
    }

    /** Switches the repository and installs packages, as packages.install does. */
    void install(String node, KubernetesVersion version, String... names) {
        Cluster.Packages site = ports.inventory().packages();
        String source = "deb [signed-by=" + site.keyring() + "] " + site.repositoryOf(version.minorText()) + " /\n";
        host(node).write(site.sourceFile(), source.getBytes(StandardCharsets.UTF_8), FileAttributes.ROOT_READABLE);
        String key = version + "/" + node + "/" + String.join("-", names);
        job(node, key + "/update", "apt-get update -q");
        List<String> wanted = new ArrayList<>();
        for (String name : names) {
            wanted.add(name + "=" + version.bare() + "-" + site.revision());
        }
        run(node, "apt-mark unhold " + String.join(" ", names));
        job(node, key + "/install", "apt-get install -y -q --no-install-recommends " + String.join(" ", wanted));
        run(node, "apt-mark hold " + String.join(" ", names));
    }

    /** One whole minor by hand, without drains. */
    void climb(KubernetesVersion to) {
        List<Cluster.HostEntry> hosts = ports.inventory().nodes();
        upgrade(hosts, to);
        for (Cluster.HostEntry host : hosts) {
            String node = host.node().value();
            install(node, to, "kubelet", "kubectl");
            run(node, "systemctl restart kubelet");
            ports.clock().sleep(Duration.ofSeconds(60));
        }
    }

    /** The static pods of every control plane, and no kubelet. */
    void climbControlPlanes(KubernetesVersion to) {
        upgrade(ports.inventory().hosts(NodeRole.CONTROL_PLANE), to);
    }

    private void upgrade(List<Cluster.HostEntry> hosts, KubernetesVersion to) {
        for (Cluster.HostEntry host : hosts) {
            String node = host.node().value();
            install(node, to, "kubeadm");
            String verb = host.equals(hosts.get(0)) ? "apply " + to + " --yes" : "node";
            job(node, to + "/" + node + "/upgrade", "kubeadm upgrade " + verb);
            ports.clock().sleep(Duration.ofSeconds(30));
        }
    }
}
