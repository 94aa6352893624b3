package dev.belay.activities.kube;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cluster's API. During an upgrade an API server may be away: every call then says TRANSIENT/API_UNAVAILABLE. 401 and 403
 * are TRANSIENT/API_FORBIDDEN, since one that starts does not know its roles yet; a write while etcd is full is PRECONDITION/ETCD_FULL; other refusals
 * are PERMANENT/API_REFUSED with the server's message.
 */
public interface KubeCluster {

    /** On a node that a run cordoned: that run's mark. */
    String CORDONED_BY = "belay.dev/cordoned-by";

    /** UID of the kube-system namespace. */
    String uid();

    /** Every node, sorted by name. */
    List<KubeNode> nodes();

    Optional<KubeNode> node(NodeName name);

    /**
     * Version and {@code /readyz?verbose} of one API server by its own address ({@code https://<node's InternalIP>:6443}), never through the load balancer.
     * Not reachable is an answer here, not a failure.
     */
    ApiServerHealth apiServer(NodeName controlPlane);

    /**
     * Sets {@code spec.unschedulable}, and the annotation {@code belay.dev/cordoned-by: <mark>} only if the node was schedulable before.
     *
     * @return false when it was unschedulable already
     */
    boolean cordon(NodeName node, String mark);

    /** Makes the node schedulable when the annotation carries this mark, and removes the annotation. Returns false when it did not. */
    boolean uncordon(NodeName node, String mark);

    /** Pods bound to the node, every phase, sorted by namespace and name. */
    List<KubePod> podsOn(NodeName node);

    /** Pods of a namespace, sorted by name; the selector may be empty. */
    List<KubePod> pods(String namespace, Map<String, String> labels);

    /** Asks once to evict the pod, with its UID as precondition. Never retries by itself. */
    Eviction evict(KubePod pod);

    /** Deployments, StatefulSets and DaemonSets of all namespaces, sorted by namespace, kind and name. */
    List<Workload> workloads();

    List<DisruptionBudget> disruptionBudgets();

    /** Data of a ConfigMap. */
    Optional<Map<String, String>> configMap(String namespace, String name);

    /** Certificate signing requests that are neither approved nor denied, {@code name (who asks, signer)}, sorted. */
    List<String> pendingSigningRequests();

    /** Names of StorageClasses, the default one first; empty when there are none. */
    Optional<String> defaultStorageClass();

    /** Creates or replaces objects of a YAML stream (server-side apply, field manager {@code belay}). */
    void apply(String manifests);

    /** Deletes the objects of a YAML stream and waits until they are gone; those that are not there are fine. */
    void delete(String manifests, Duration timeout);

    /** The log of a pod's only container; empty when there is none yet. */
    String log(String namespace, String pod);

    /**
     * Takes the cluster's own lock: the Lease {@code kube-system/belay}.
     *
     * @return empty when it is now held by this holder; else who holds it
     */
    Optional<String> acquireLease(String holder, String note);

    /** Gives the lock back when this holder has it; else does nothing. */
    void releaseLease(String holder);

    /** The lowest version over the reachable API servers of these nodes; TRANSIENT when none answers. */
    default KubernetesVersion lowestApiServer(List<NodeName> controlPlanes) {
        return apiServers(controlPlanes).get(0);
    }

    /** The versions of the reachable API servers of these nodes, lowest first; TRANSIENT when none answers. */
    default List<KubernetesVersion> apiServers(List<NodeName> controlPlanes) {
        List<KubernetesVersion> versions = controlPlanes.stream()
                .map(this::apiServer)
                .flatMap(health -> health.version().stream())
                .sorted()
                .toList();
        if (versions.isEmpty()) {
            throw dev.belay.activities.StepFailure.of(
                    dev.belay.model.run.FailureKind.TRANSIENT,
                    "API_UNAVAILABLE",
                    "no API server answers by its own address",
                    "look at the kube-apiserver pods of the control planes");
        }
        return versions;
    }
}
