package dev.belay.twin.kube;

import dev.belay.activities.kube.ApiServerHealth;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.twin.etcd.EtcdRing;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The API servers behind the load balancer. Each reads the etcd member of its own node, or any of an external etcd. */
public final class ApiServers {

    private final EtcdRing etcd;
    private final Map<String, KubernetesVersion> running = new TreeMap<>();
    private boolean anyMember;

    ApiServers(EtcdRing etcd) {
        this.etcd = etcd;
    }

    /** etcd has hosts of its own. */
    public void useExternalEtcd() {
        anyMember = true;
    }

    public void started(String node, KubernetesVersion version) {
        running.put(node, version);
    }

    public void stopped(String node) {
        running.remove(node);
    }

    public boolean isReady(String node) {
        return running.containsKey(node)
                && (anyMember || etcd.member(node).filter(etcd::serves).isPresent())
                && etcd.answers();
    }

    /** One ready server is enough: the load balancer finds it. */
    public boolean available() {
        return running.keySet().stream().anyMatch(this::isReady);
    }

    /** The lowest version that runs: a kubelet may meet any of them. */
    public Optional<KubernetesVersion> lowest() {
        return running.values().stream().min(KubernetesVersion::compareTo);
    }

    ApiServerHealth health(String node, String address) {
        KubernetesVersion version = running.get(node);
        if (version == null) {
            return new ApiServerHealth(
                    Optional.empty(), false, "https://" + address + ":6443 is not reachable: connection refused");
        }
        return isReady(node)
                ? new ApiServerHealth(Optional.of(version), true, "")
                : new ApiServerHealth(
                        Optional.of(version),
                        false,
                        "etcd failed: reason withheld; etcd-readiness failed: reason withheld");
    }
}
