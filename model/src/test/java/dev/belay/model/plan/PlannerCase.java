package dev.belay.model.plan;

import static dev.belay.model.plan.Fixtures.inventory;
import static dev.belay.model.plan.Fixtures.node;
import static dev.belay.model.plan.Fixtures.nodes;
import static dev.belay.model.plan.Fixtures.runbook;
import static dev.belay.model.plan.Fixtures.signature;
import static dev.belay.model.plan.Fixtures.v;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.ClusterFacts.EtcdMemberFacts;
import dev.belay.model.runbook.InputSpec;
import dev.belay.model.runbook.Purpose;
import dev.belay.model.runbook.StepSignature;
import dev.belay.model.runbook.ValueType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A climb that nothing stops, as tests change it: three control planes and two workers, v1.33.13 to v1.34.4. */
abstract class PlannerCase {
    static final List<NodeFacts> NODES = nodes("cp1", "cp2", "cp3", "w1@a", "w2@b");
    static final Map<String, InputSpec> INPUTS = Map.of(
            "soak", new InputSpec(ValueType.DURATION, "30s", "Rest"),
            "window", new InputSpec(ValueType.INTEGER, null, "How many"));

    Cluster inventory = inventory("cp1", "cp2", "cp3", "w1@a", "w2@b");
    KubernetesVersion controlPlane = v("v1.33.13");

    @Nullable
    KubernetesVersion ahead;

    List<NodeFacts> seen = NODES;
    List<EtcdMemberFacts> etcd = members("3.5.35", "cp1", "cp2", "cp3");
    List<NodeName> etcdHosts = List.of();
    Purpose purpose = Purpose.UPGRADE;
    String target = "v1.34.4";
    List<String> via = List.of();
    Offers offers = Offers.NONE;
    Map<String, String> set = Map.of("window", "2");
    Map<String, StepSignature> signatures =
            Map.of("check", signature("check", false, false, "PT5S"), "act", signature("act", true, true, "PT10S"));

    PlanResult result() {
        return Planner.plan(request());
    }

    PlanRequest request() {
        ClusterFacts facts = new ClusterFacts("lab", "uid-1", controlPlane, ahead, etcd, seen, etcdHosts);
        return new PlanRequest(
                runbook(INPUTS, purpose), inventory, facts, target, via, offers, set, new TreeMap<>(signatures));
    }

    static Offers offers(String... lists) {
        Map<String, List<KubernetesVersion>> versions = new TreeMap<>();
        for (String list : lists) {
            List<KubernetesVersion> parsed = Arrays.stream(list.split(" ", -1))
                    .map(KubernetesVersion::parse)
                    .toList();
            versions.put(parsed.get(0).minorText(), parsed);
        }
        return new Offers(versions, Map.of());
    }

    static List<NodeFacts> withVersion(String version) {
        return NODES.stream()
                .map(node -> new NodeFacts(node.name(), node.role(), v(version), node.zone(), true, true))
                .toList();
    }

    static List<EtcdMemberFacts> members(String version, String... names) {
        return Arrays.stream(names)
                .map(name -> new EtcdMemberFacts(name, version))
                .toList();
    }
}
