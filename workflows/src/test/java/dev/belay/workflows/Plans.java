package dev.belay.workflows;

import dev.belay.model.approval.Person;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.ClusterFacts;
import dev.belay.model.plan.ClusterFacts.EtcdMemberFacts;
import dev.belay.model.plan.NodeFacts;
import dev.belay.model.plan.Plan;
import dev.belay.model.runbook.ApprovalStep;
import dev.belay.model.runbook.Batch;
import dev.belay.model.runbook.ForEach;
import dev.belay.model.runbook.GroupStep;
import dev.belay.model.runbook.NodeSet;
import dev.belay.model.runbook.OnFailure;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.Purpose;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.SoakStep;
import dev.belay.model.runbook.Step;
import dev.belay.model.runbook.StepSignature;
import dev.belay.model.runbook.TypedStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Plans as tests write them. A step type that begins with {@code do.} has an effect that can be undone, {@code must.} one that cannot. */
final class Plans {

    private final Map<Phase, List<Step>> phases = new EnumMap<>(Phase.class);
    private final List<NodeFacts> nodes = new ArrayList<>();
    private List<String> versions = List.of("v1.33.13", "v1.34.4");
    private boolean raisesEtcd;
    private List<Person> people = List.of();

    private Plans() {
        for (Phase phase : Phase.values()) {
            phases.put(phase, new ArrayList<>());
        }
    }

    static Plans on(String... nodes) {
        Plans plan = new Plans();
        for (String node : nodes) {
            NodeRole role = node.startsWith("cp") ? NodeRole.CONTROL_PLANE : NodeRole.WORKER;
            KubernetesVersion version = KubernetesVersion.parse("v1.33.13");
            plan.nodes.add(new NodeFacts(new NodeName(node), role, version, "", true, true));
        }
        return plan;
    }

    Plans climbing(String... path) {
        versions = List.of(path);
        return this;
    }

    /** The inventory lists these. */
    Plans signedBy(Person... listed) {
        people = List.of(listed);
        return this;
    }

    Plans raisingEtcd() {
        raisesEtcd = true;
        return this;
    }

    Plans prep(Step... steps) {
        return phase(Phase.PREP, steps);
    }

    Plans controlPlane(Step... steps) {
        return phase(Phase.CONTROL_PLANE, steps);
    }

    Plans workers(Step... steps) {
        return phase(Phase.WORKERS, steps);
    }

    Plans verify(Step... steps) {
        return phase(Phase.VERIFY, steps);
    }

    private Plans phase(Phase phase, Step... steps) {
        phases.get(phase).addAll(List.of(steps));
        return this;
    }

    Plan plan() {
        Runbook runbook = new Runbook(
                "climb",
                "1.0.0",
                "for tests",
                Purpose.UPGRADE,
                Map.of(),
                Duration.ofMinutes(10),
                3,
                OnFailure.PARK,
                phases.get(Phase.PREP),
                phases.get(Phase.CONTROL_PLANE),
                phases.get(Phase.WORKERS),
                phases.get(Phase.VERIFY));
        KubernetesVersion from = KubernetesVersion.parse(versions.get(0));
        KubernetesVersion to = KubernetesVersion.parse(versions.get(versions.size() - 1));
        ClusterFacts cluster =
                new ClusterFacts("lab", "uid-1", from, null, List.of(new EtcdMemberFacts("cp1", "3.5.35")), nodes);
        return new Plan(
                runbook,
                "sha256:book",
                cluster,
                "sha256:inventory",
                List.of(),
                people,
                from,
                to,
                hops(),
                Map.of(),
                signatures(),
                "sha256:plan");
    }

    private List<Hop> hops() {
        List<Hop> hops = new ArrayList<>();
        for (int i = 0; i + 1 < versions.size(); i++) {
            hops.add(new Hop(
                    i,
                    KubernetesVersion.parse(versions.get(i)),
                    KubernetesVersion.parse(versions.get(i + 1)),
                    i == 0,
                    i + 2 == versions.size(),
                    raisesEtcd));
        }
        return hops;
    }

    private Map<String, StepSignature> signatures() {
        Map<String, StepSignature> signatures = new TreeMap<>();
        phases.values().forEach(steps -> steps.forEach(step -> sign(step, signatures)));
        return signatures;
    }

    private static void sign(Step step, Map<String, StepSignature> signatures) {
        if (step instanceof GroupStep group) {
            group.steps().forEach(nested -> sign(nested, signatures));
        }
        if (step instanceof TypedStep typed) {
            signatures.put(typed.uses(), signature(typed.uses()));
        }
    }

    private static StepSignature signature(String uses) {
        boolean reversible = uses.startsWith("move.");
        boolean undoable = reversible || uses.startsWith("do.");
        boolean effect = undoable || uses.startsWith("must.");
        String action = effect ? uses.substring(uses.indexOf('.') + 1) + " done" : "";
        Duration minute = Duration.ofMinutes(1);
        return new StepSignature(
                uses, uses, false, effect, undoable, reversible, action, minute, minute, Map.of(), Map.of());
    }

    /** A lock, a check, and three workers one by one, each cordoned, given a kubelet by this step type, and labelled. */
    static Plans ofThreeWorkers(String kubelet) {
        return on("w1", "w2", "w3")
                .prep(change("lock"), check("etcd", "lock"))
                .workers(pool(
                        0,
                        1,
                        change("cordon"),
                        step(kubelet, "kubelet", "cordon"),
                        change("label", "kubelet"),
                        check("ready", "label")));
    }

    static Step check(String id, String... needs) {
        return step("check." + id, id, needs);
    }

    static Step change(String id, String... needs) {
        return step("do." + id, id, needs);
    }

    static TypedStep step(String uses, String id, String... needs) {
        return new TypedStep(id, List.of(needs), null, uses, Map.of(), null, null, OnFailure.PARK);
    }

    /** A failure of it takes its phase back. */
    static TypedStep orBack(String uses, String id, String... needs) {
        return new TypedStep(id, List.of(needs), null, uses, Map.of(), null, null, OnFailure.ROLLBACK);
    }

    static TypedStep unimportant(String id, String... needs) {
        return new TypedStep(id, List.of(needs), null, "check." + id, Map.of(), null, null, OnFailure.CONTINUE);
    }

    static Step approval(String id, int min, boolean notAuthor, String... needs) {
        return new ApprovalStep(id, List.of(needs), null, "May it?", min, notAuthor, Duration.ofHours(12));
    }

    static Step approvalBy(String role, String id, int min) {
        return new ApprovalStep(id, List.of(), null, "May it?", min, List.of(role), false, Duration.ofHours(12));
    }

    static Step approvalWhen(String id, String when, String... needs) {
        return new ApprovalStep(id, List.of(needs), when, "May it?", 1, false, Duration.ofHours(12));
    }

    static Step soak(String id, String duration, String... needs) {
        return new SoakStep(id, List.of(needs), null, duration);
    }

    static GroupStep controlPlanes(String id, Step... steps) {
        return group(id, NodeSet.CONTROL_PLANE, Batch.ONE, steps);
    }

    /** Canary one, then {@code size} at a time. */
    static GroupStep pool(int canary, int size, Step... steps) {
        return group("pool", NodeSet.WORKERS, new Batch(canary, String.valueOf(size), 25, false), steps);
    }

    static GroupStep group(String id, NodeSet set, Batch batch, Step... steps) {
        return new GroupStep(id, List.of(), null, new ForEach(set, 0, 0, null, null, batch), List.of(steps));
    }

    static GroupStep after(GroupStep group, String... needs) {
        return new GroupStep(group.id(), List.of(needs), group.when(), group.forEach(), group.steps());
    }

    static GroupStep when(GroupStep group, String when) {
        return new GroupStep(group.id(), group.needs(), when, group.forEach(), group.steps());
    }
}
