package dev.belay.cli.text;

import dev.belay.model.approval.Signers.Approvals;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Estimate;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView;
import dev.belay.model.run.RunView.Effect;
import dev.belay.model.run.RunView.HopView;
import dev.belay.model.run.RunView.Node;
import dev.belay.model.run.RunView.Parked;
import dev.belay.model.run.RunView.PhaseView;
import dev.belay.model.run.RunView.RunbookRef;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Runs to draw. */
public final class Situations {

    static final Instant START = Instant.parse("2026-11-22T02:00:00Z");
    private static final KubernetesVersion FROM = KubernetesVersion.parse("v1.33.13");
    private static final KubernetesVersion TO = KubernetesVersion.parse("v1.34.4");
    private static final List<String> MEMBER_STEPS = List.of("kubeadm", "apply", "healthy");
    private static final List<String> WORKER_STEPS = List.of("cordon", "drain", "kubelet", "uncordon");

    private Situations() {}

    /** Five nodes; the drain of w1 stands. */
    public static Situation parkedAtADrain() {
        List<StepRecord> steps = new ArrayList<>();
        steps.add(step("access", Phase.PREP, null, "check.access", StepState.DONE, 0, 4));
        steps.add(step("snapshot", Phase.PREP, null, "backup.etcd", StepState.DONE, 4, 31));
        steps.add(step("go", Phase.PREP, null, "approval", StepState.DONE, 31, 90));
        for (int i = 1; i <= 3; i++) {
            for (String id : MEMBER_STEPS) {
                steps.add(step(
                        id, Phase.CONTROL_PLANE, "cp" + i, "kubeadm." + id, StepState.DONE, 100 * i, 100 * i + 80));
            }
        }
        steps.add(step("preview", Phase.CONTROL_PLANE, "cp2", "kubeadm.plan", StepState.SKIPPED, 200, 200));
        steps.add(step("cordon", Phase.WORKERS, "w1", "node.cordon", StepState.DONE, 420, 421));
        steps.add(stands("drain", "w1"));
        steps.add(pending("kubelet", "w1"));
        steps.add(pending("uncordon", "w1"));
        WORKER_STEPS.forEach(id -> steps.add(pending(id, "w2")));
        return situation(RunStatus.PARKED, parked(), steps, StepState.PARKED, nodes(false));
    }

    /** As much as can stand on one screen: many nodes that differ, long sentences, several places that wait. */
    static Situation crowded() {
        Situation calm = parkedAtADrain();
        List<Node> nodes = new ArrayList<>();
        List<StepRecord> steps = new ArrayList<>(calm.view().steps());
        for (int i = 1; i <= 12; i++) {
            KubernetesVersion version = i % 2 == 0 ? FROM : TO;
            nodes.add(new Node(new NodeName("node-" + i), NodeRole.WORKER, version, i % 3 == 0, i % 5 != 0));
            steps.add(step("taint", Phase.WORKERS, "node-" + i, "node.cordon", StepState.UNDONE, 1, 2));
        }
        RunView view = calm.view();
        Parked stands = new Parked(
                START, "drain", new NodeName("w1"), "a budget allows no eviction ".repeat(20), parked().next());
        RunView full = new RunView(
                view.run(),
                view.status(),
                view.cluster(),
                view.runbook(),
                view.planDigest(),
                view.approvals(),
                view.from(),
                view.to(),
                stands,
                nodes,
                view.hops(),
                steps,
                view.effects(),
                view.blockers(),
                view.rungs());
        return new Situation(
                full,
                calm.author(),
                START,
                null,
                List.of("drain on w2", "drain on w3"),
                List.of("uncordon w1 w2 w3", "put the package source and holds back on w1 w2 w3 cp1 and 4 more"),
                null,
                calm.now(),
                true);
    }

    /** The same cluster while cp2 is upgraded. */
    static Situation runningOnAControlPlane() {
        List<StepRecord> steps = new ArrayList<>();
        steps.add(step("access", Phase.PREP, null, "check.access", StepState.DONE, 0, 4));
        MEMBER_STEPS.forEach(
                id -> steps.add(step(id, Phase.CONTROL_PLANE, "cp1", "kubeadm." + id, StepState.DONE, 100, 180)));
        steps.add(step("kubeadm", Phase.CONTROL_PLANE, "cp2", "packages.install", StepState.DONE, 200, 230));
        StepRecord apply = new StepRecord(
                "apply",
                TO,
                Phase.CONTROL_PLANE,
                new NodeName("cp2"),
                "kubeadm.apply",
                StepState.RUNNING,
                2,
                START.plusSeconds(400),
                null,
                null);
        steps.add(apply);
        steps.add(of("healthy", Phase.CONTROL_PLANE, "cp2"));
        MEMBER_STEPS.forEach(id -> steps.add(of(id, Phase.CONTROL_PLANE, "cp3")));
        WORKER_STEPS.forEach(id -> steps.add(pending(id, "w1")));
        return situation(RunStatus.RUNNING, null, steps, StepState.PENDING, nodes(true));
    }

    /** A restore that stands while the static pods of cp1 and cp2 are stopped; those of cp3 run again. */
    static Situation restoring() {
        List<StepRecord> steps = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            steps.add(step("stop", Phase.CONTROL_PLANE, "cp" + i, "staticPods.stop", StepState.DONE, 10, 20));
        }
        steps.add(step("start", Phase.CONTROL_PLANE, "cp3", "staticPods.start", StepState.DONE, 30, 40));
        return situation(RunStatus.RUNNING, parked(), steps, StepState.PENDING, nodes(true));
    }

    private static Parked parked() {
        return new Parked(
                START.plusSeconds(421),
                "drain",
                new NodeName("w1"),
                "the budget shop/api allows no eviction of shop/api-0: 1 of 1 pods it needs are healthy; add a replica or relax the budget",
                List.of(
                        "belay retry 3fa94c21 --step drain --node w1",
                        "belay skip 3fa94c21 --step drain --node w1 --reason ...",
                        "belay abort 3fa94c21 --reason ..."));
    }

    private static Situation situation(
            RunStatus status, Parked parked, List<StepRecord> steps, StepState workers, List<Node> nodes) {
        boolean inWorkers = status == RunStatus.PARKED;
        HopView hop = new HopView(
                FROM,
                TO,
                List.of(
                        new PhaseView(Phase.PREP, StepState.DONE),
                        new PhaseView(Phase.CONTROL_PLANE, inWorkers ? StepState.DONE : StepState.RUNNING),
                        new PhaseView(Phase.WORKERS, workers),
                        new PhaseView(Phase.VERIFY, StepState.PENDING)));
        RunView view = new RunView(
                "3fa94c21",
                status,
                "lab",
                new RunbookRef("kubeadm-minor", "1.0.0", "sha256:77aa"),
                "sha256:1a2b3c4d5e6f",
                Approvals.BY_NAME_ONLY,
                FROM,
                TO,
                parked,
                nodes,
                List.of(hop),
                steps,
                effects(),
                List.of(),
                List.of());
        return new Situation(
                view,
                "ops@bastion",
                START,
                null,
                List.of(),
                List.of("uncordon w1"),
                new Estimate(Duration.ofMinutes(9), Duration.ofMinutes(14), Duration.ofMinutes(25)),
                START.plusSeconds(1261),
                false);
    }

    private static List<Effect> effects() {
        List<Effect> effects = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            effects.add(new Effect(effects.size() + 1, "kubeadm", new NodeName("cp" + i), "installed packages"));
            effects.add(new Effect(effects.size() + 1, "apply", new NodeName("cp" + i), "upgraded the control plane"));
        }
        effects.add(new Effect(effects.size() + 1, "cordon", new NodeName("w1"), "cordoned"));
        return effects;
    }

    private static List<Node> nodes(boolean schedulable) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            nodes.add(new Node(new NodeName("cp" + i), NodeRole.CONTROL_PLANE, FROM, true, true));
        }
        nodes.add(new Node(new NodeName("w1"), NodeRole.WORKER, FROM, schedulable, true));
        nodes.add(new Node(new NodeName("w2"), NodeRole.WORKER, FROM, true, true));
        return nodes;
    }

    private static StepRecord stands(String id, String node) {
        return new StepRecord(
                id,
                TO,
                Phase.WORKERS,
                new NodeName(node),
                "node.drain",
                StepState.PARKED,
                3,
                START.plusSeconds(421),
                null,
                "the budget shop/api allows no eviction of shop/api-0");
    }

    private static StepRecord pending(String id, String node) {
        return of(id, Phase.WORKERS, node);
    }

    private static StepRecord of(String id, Phase phase, String node) {
        return new StepRecord(id, TO, phase, new NodeName(node), "node." + id, StepState.PENDING, 0, null, null, null);
    }

    private static StepRecord step(
            String id, Phase phase, String node, String uses, StepState state, int start, int end) {
        return new StepRecord(
                id,
                TO,
                phase,
                node == null ? null : new NodeName(node),
                uses,
                state,
                1,
                START.plusSeconds(start),
                START.plusSeconds(end),
                null);
    }
}
