package dev.belay.activities.kube.fabric8;

import dev.belay.activities.StepFailure;
import dev.belay.activities.kube.DisruptionBudget;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.KubePod;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the API's nodes, pods and budgets into the port's words. */
final class FromApi {

    private static final String CONTROL_PLANE = "node-role.kubernetes.io/control-plane";
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);
    private static final Set<String> PRESSURES =
            Set.of("MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable");

    private FromApi() {}

    static KubeNode node(Node node) {
        ObjectMeta meta = node.getMetadata();
        List<NodeCondition> conditions = node.getStatus().getConditions();
        return new KubeNode(
                new NodeName(meta.getName()),
                orEmpty(meta.getLabels()).containsKey(CONTROL_PLANE),
                version(
                        "the kubelet of " + meta.getName(),
                        node.getStatus().getNodeInfo().getKubeletVersion()),
                conditions.stream().anyMatch(each -> each.getType().equals("Ready") && isTrue(each)),
                !Boolean.TRUE.equals(node.getSpec().getUnschedulable()),
                pressures(conditions),
                internalIp(node),
                Objects.requireNonNullElse(node.getStatus().getNodeInfo().getContainerRuntimeVersion(), ""),
                orEmpty(meta.getLabels()),
                orEmpty(meta.getAnnotations()));
    }

    static KubernetesVersion version(String who, @Nullable String text) {
        return KubernetesVersion.tryParse(text == null ? "" : text)
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PERMANENT,
                        "VERSION_UNREADABLE",
                        who + " says it is version \"" + text + "\", which is no release of Kubernetes",
                        "Belay climbs from release to release: put a released version, such as v1.34.4, on it first"));
    }

    private static boolean isTrue(NodeCondition condition) {
        return "True".equals(condition.getStatus());
    }

    private static String pressures(List<NodeCondition> conditions) {
        return conditions.stream()
                .filter(each -> PRESSURES.contains(each.getType()) && isTrue(each))
                .map(NodeCondition::getType)
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static String internalIp(Node node) {
        return node.getStatus().getAddresses().stream()
                .filter(address -> address.getType().equals("InternalIP"))
                .map(address -> address.getAddress())
                .findFirst()
                .orElse("");
    }

    static KubePod pod(Pod pod) {
        ObjectMeta meta = pod.getMetadata();
        return new KubePod(
                meta.getNamespace(),
                meta.getName(),
                meta.getUid(),
                Objects.requireNonNullElse(pod.getSpec().getNodeName(), ""),
                owner(meta),
                orEmpty(meta.getAnnotations()).containsKey(MIRROR),
                pod.getSpec().getVolumes().stream().anyMatch(volume -> volume.getEmptyDir() != null),
                Objects.requireNonNullElse(pod.getStatus().getPhase(), "Pending"),
                isReady(pod),
                meta.getDeletionTimestamp() != null,
                gracePeriod(pod),
                orEmpty(meta.getLabels()),
                pod.getSpec().getContainers().stream().map(Container::getImage).toList(),
                starts(pod));
    }

    private static String owner(ObjectMeta meta) {
        return meta.getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .map(owner -> owner.getKind() + "/" + owner.getName())
                .findFirst()
                .orElse("");
    }

    private static boolean isReady(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(each -> each.getType().equals("Ready") && "True".equals(each.getStatus()));
    }

    private static Duration gracePeriod(Pod pod) {
        return Optional.ofNullable(pod.getSpec().getTerminationGracePeriodSeconds())
                .map(Duration::ofSeconds)
                .orElse(DEFAULT_GRACE);
    }

    private static List<String> starts(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(ContainerStatus::getState)
                .filter(state -> state != null && state.getRunning() != null)
                .map(state -> state.getRunning().getStartedAt())
                .toList();
    }

    static DisruptionBudget budget(PodDisruptionBudget budget) {
        return new DisruptionBudget(
                budget.getMetadata().getNamespace(),
                budget.getMetadata().getName(),
                budget.getSpec().getSelector() == null
                        ? Map.of()
                        : orEmpty(budget.getSpec().getSelector().getMatchLabels()),
                orZero(budget.getStatus() == null ? null : budget.getStatus().getDisruptionsAllowed()),
                orZero(budget.getStatus() == null ? null : budget.getStatus().getDesiredHealthy()));
    }

    static int orZero(@Nullable Integer number) {
        return number == null ? 0 : number;
    }

    static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
