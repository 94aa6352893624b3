package dev.belay.twin.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Json;
import dev.belay.twin.etcd.Contents;
import dev.belay.twin.kube.Values.Disruption;
import dev.belay.twin.kube.Values.Node;
import dev.belay.twin.kube.Values.Pod;
import dev.belay.twin.kube.Values.Workload;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What etcd keeps for the API, under {@code /registry}: every object as a value, and values made objects again. After that the API's past is
 * another one, and the kubelets bring it together with what really runs: a pod that is not there any more ends, one that is there again and
 * does not run is started.
 */
public record Registry(Api api, Manifests manifests, Lock lock, SigningRequests requests) implements Contents {

    @Override
    public List<String> keys() {
        return api.keys();
    }

    @Override
    public JsonNode objects() {
        return Json.mapper()
                .valueToTree(new Values(
                        api.apiNodes().stream().map(Registry::value).toList(),
                        api.owners().values().stream().map(Registry::value).toList(),
                        api.pods().all().stream().map(Registry::value).toList(),
                        api.budgets().all().stream().map(Registry::value).toList(),
                        api.configMaps(),
                        List.copyOf(api.namespaces()),
                        api.storageClass().orElse(""),
                        lock.holder(),
                        requests.pending(),
                        List.copyOf(manifests.others())));
    }

    @Override
    public void restored(JsonNode objects) {
        try {
            restored(Json.mapper().treeToValue(objects, Values.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what etcd holds is not what the API wrote", e);
        }
    }

    private void restored(Values kept) {
        Map<String, Instant> running = new HashMap<>();
        List.copyOf(api.pods().all()).forEach(pod -> {
            Instant since = pod.startedAt();
            if (since != null) {
                running.put(pod.uid(), since);
            }
            api.pods().forget(pod);
        });
        nodes(kept.nodes());
        api.owners().clear();
        kept.workloads().forEach(this::bring);
        api.budgets().all().clear();
        kept.budgets().forEach(each -> api.budgets()
                .all()
                .add(new Budget(each.namespace(), each.name(), each.selector(), each.limit())));
        kept.pods().forEach(pod -> bring(pod, running.get(pod.uid())));
        rest(kept);
        api.tellKubelets();
    }

    private void nodes(List<Node> kept) {
        List<NodeName> names = kept.stream().map(Node::name).toList();
        List.copyOf(api.apiNodes()).stream()
                .filter(node -> !names.contains(node.name()))
                .forEach(node -> {
                    api.placement().remove(node);
                    api.nodesByName().remove(node.name());
                });
        kept.forEach(node -> api.node(node.name())
                .orElseGet(() -> api.addNode(
                        node.name(), node.controlPlane(), node.internalIp(), node.runtime(), node.kubelet(), ""))
                .restore(node));
    }

    private void bring(Workload kept) {
        Owner owner = new Owner(kept.kind(), kept.namespace(), kept.name(), kept.desired(), kept.template());
        api.owners().put(owner.key(), owner.at(kept.generation()));
    }

    private void bring(Pod kept, @Nullable Instant running) {
        Owner owner = api.owner(kept.owner()).orElse(null);
        ApiPod pod = new ApiPod(kept.namespace(), kept.name(), kept.uid(), kept.template(), owner, kept.mirror());
        if (!kept.ended().isEmpty()) {
            pod.ended(kept.ended(), kept.log());
        } else if (running != null) {
            pod.startContainers(running);
        }
        Optional<ApiNode> node = kept.node().isEmpty() ? Optional.empty() : api.node(new NodeName(kept.node()));
        api.pods().bring(pod, node, kept.terminating());
    }

    private void rest(Values kept) {
        api.configMaps().clear();
        api.configMaps().putAll(kept.configMaps());
        api.namespaces().clear();
        api.namespaces().addAll(kept.namespaces());
        api.setStorageClass(kept.storageClass());
        lock.restore(kept.lock());
        requests.restore(kept.signingRequests());
        manifests.others().clear();
        manifests.others().addAll(kept.others());
    }

    private static Node value(ApiNode node) {
        return new Node(
                node.name(),
                node.isControlPlane(),
                node.internalIp(),
                node.runtime(),
                node.kubelet(),
                node.isReady(),
                node.isUnschedulable(),
                node.labels(),
                node.annotations());
    }

    private static Workload value(Owner owner) {
        return new Workload(
                owner.kind(), owner.namespace(), owner.name(), owner.desired(), owner.generation(), owner.template());
    }

    private static Pod value(ApiPod pod) {
        return new Pod(
                pod.namespace(),
                pod.name(),
                pod.uid(),
                pod.template(),
                pod.isMirror(),
                pod.owner().map(Owner::key).orElse(""),
                pod.node().map(node -> node.name().value()).orElse(""),
                pod.startedAt(),
                pod.isTerminating(),
                pod.ended(),
                pod.log());
    }

    private static Disruption value(Budget budget) {
        return new Disruption(budget.namespace(), budget.name(), budget.selector(), budget.limit());
    }
}
