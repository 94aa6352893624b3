package dev.belay.activities.kube.fabric8;

import dev.belay.activities.kube.KubeCluster;
import dev.belay.activities.kube.fabric8.RawApi.Reply;
import dev.belay.model.kubernetes.NodeName;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Cordon and uncordon by merge patch. The patch carries the resourceVersion that was looked at, so a cordon by someone else in between is
 * seen and never claimed; the node is then looked at again, a few times, since its kubelet writes to it as well.
 */
final class Cordons {

    private static final int LOOKS = 5;

    private final KubernetesClient client;
    private final RawApi raw;
    private final ApiErrors errors;

    Cordons(KubernetesClient client, RawApi raw, ApiErrors errors) {
        this.client = client;
        this.raw = raw;
        this.errors = errors;
    }

    boolean cordon(NodeName name, String mark) {
        return change("cordon " + name, name, node -> isUnschedulable(node) ? null : patch(node, true, mark));
    }

    boolean uncordon(NodeName name, String mark) {
        return change("uncordon " + name, name, node -> mark.equals(markOf(node)) ? patch(node, null, null) : null);
    }

    private boolean change(String call, NodeName name, Function<Node, @Nullable Map<String, @Nullable Object>> wanted) {
        for (int look = 1; ; look++) {
            Map<String, @Nullable Object> patch = wanted.apply(read(call, name));
            if (patch == null) {
                return false;
            }
            Reply reply = raw.mergePatch(call, "/api/v1/nodes/" + name, raw.json(patch));
            if (reply.ok()) {
                return true;
            }
            if (reply.code() != 409 || look == LOOKS) {
                throw errors.ofAnswer(call, reply.code(), ApiErrors.messageOf(reply.status(), ""));
            }
        }
    }

    private Node read(String call, NodeName name) {
        Node node = client.nodes().withName(name.value()).get();
        if (node == null) {
            throw errors.refused(call, 404, "nodes \"" + name + "\" not found");
        }
        return node;
    }

    private static Map<String, @Nullable Object> patch(
            Node node, @Nullable Boolean unschedulable, @Nullable String mark) {
        Map<String, @Nullable Object> annotations = new LinkedHashMap<>();
        annotations.put(KubeCluster.CORDONED_BY, mark);
        Map<String, @Nullable Object> spec = new LinkedHashMap<>();
        spec.put("unschedulable", unschedulable);
        Map<String, @Nullable Object> patch = new LinkedHashMap<>();
        patch.put(
                "metadata",
                Map.of("resourceVersion", node.getMetadata().getResourceVersion(), "annotations", annotations));
        patch.put("spec", spec);
        return patch;
    }

    private static boolean isUnschedulable(Node node) {
        return Boolean.TRUE.equals(node.getSpec().getUnschedulable());
    }

    private static @Nullable String markOf(Node node) {
        return FromApi.orEmpty(node.getMetadata().getAnnotations()).get(KubeCluster.CORDONED_BY);
    }
}
