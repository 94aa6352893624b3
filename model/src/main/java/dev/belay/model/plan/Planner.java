package dev.belay.model.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.model.approval.Signers;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.Finding;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KnownBad;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.Severity;
import dev.belay.model.kubernetes.UpgradePath;
import dev.belay.model.runbook.Purpose;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.StepSignature;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes a plan out of a runbook, an inventory and what was seen of the cluster; says everything that stands in the way at once. Pure: the
 * same request gives the same plan and digest.
 */
public final class Planner {
    private final PlanRequest request;
    private final ClusterFacts cluster;
    private final List<Blocker> blockers = new ArrayList<>();
    private final List<Blocker> warnings = new ArrayList<>();

    private Planner(PlanRequest request) {
        this.request = request;
        this.cluster = inOrderOf(request.inventory(), request.cluster());
    }

    public static PlanResult plan(PlanRequest request) {
        return new Planner(request).result();
    }

    /** The minors whose package repositories matter to this climb, by {@code 1.34}. */
    public static List<String> minors(PlanRequest request) {
        return path(request).hops().stream()
                .map(hop -> hop.to().minorText())
                .distinct()
                .toList();
    }

    /** What a person approves: the digest over all other components of a plan. */
    public static String digest(Plan plan) {
        ObjectNode tree = Json.mapper().valueToTree(plan);
        tree.remove("digest");
        return CanonicalJson.digest(tree);
    }

    private PlanResult result() {
        UpgradePath path = path(request);
        path.findings().stream().map(Blocker::of).forEach(blockers::add);
        if (request.runbook().purpose() == Purpose.MAINTENANCE) {
            standing();
        } else {
            nodes(path.hops());
            versions(path.hops());
            offers(path.hops());
        }
        Inputs inputs = Inputs.of(request.runbook(), request.set());
        blockers.addAll(inputs.blockers());
        ApprovalFindings approvals = new ApprovalFindings(
                request.runbook(), new Signers(request.inventory().people()));
        blockers.addAll(approvals.blockers());
        warnings.addAll(approvals.warnings());
        Map<String, StepSignature> signatures = signatures();
        List<Hop> hops = signatures.keySet().containsAll(request.runbook().uses()) ? path.hops() : List.of();
        Plan plan = target().map(to -> sealed(to, hops, inputs.values(), signatures))
                .orElse(null);
        return new PlanResult(plan, blockers, warnings);
    }

    private static UpgradePath path(PlanRequest request) {
        return switch (request.runbook().purpose()) {
            case UPGRADE -> new Route(request).path();
            case MAINTENANCE ->
                new UpgradePath(List.of(Hop.standing(request.cluster().controlPlane())), List.of());
            case ROLLBACK -> new UpgradePath(List.of(), List.of(takesBack(request.runbook())));
        };
    }

    private static Finding takesBack(Runbook runbook) {
        return new Finding(
                "runbook-takes-back",
                runbook.name(),
                "it takes back what a run did, and must know that run",
                "start it with belay rollback RUN");
    }

    private Optional<KubernetesVersion> target() {
        return request.runbook().purpose() == Purpose.MAINTENANCE
                ? Optional.of(cluster.controlPlane())
                : KubernetesVersion.tryParse(request.target());
    }

    /** Maintenance mends what is broken, so that the state of the nodes is told and stops nothing; the steps look for themselves. */
    private void standing() {
        NodeFindings nodes = new NodeFindings(request.inventory(), cluster);
        blockers.addAll(nodes.strangers());
        warnings.addAll(nodes.unwell());
        warnings.addAll(nodes.warnings());
    }

    private void nodes(List<Hop> hops) {
        NodeFindings nodes = new NodeFindings(request.inventory(), cluster);
        blockers.addAll(nodes.blockers());
        warnings.addAll(nodes.warnings());
        hops.stream()
                .limit(1)
                .flatMap(first -> nodes.outOfReachOf(first.to()).stream())
                .filter(blocker -> blockers.stream().noneMatch(known -> known.isAbout(blocker)))
                .forEach(blockers::add);
    }

    private void versions(List<Hop> hops) {
        Hop firstOfControlPlane = hops.stream()
                .filter(hop -> !hop.to().equals(cluster.controlPlane()))
                .findFirst()
                .orElse(null);
        EtcdFindings etcd = new EtcdFindings(cluster, firstOfControlPlane);
        etcd.of(Severity.BLOCK).forEach(this::judge);
        warnings.addAll(etcd.of(Severity.WARN));
        Stream.concat(Stream.of(cluster.controlPlane()), hops.stream().map(Hop::to))
                .flatMap(version -> KnownBad.of(version).stream().map(row -> harmful(version, row)))
                .distinct()
                .forEach(warnings::add);
    }

    /** What its owner accepts stops nothing, and is told as accepted. */
    private void judge(Blocker found) {
        request.inventory()
                .acceptance(found.rule())
                .ifPresentOrElse(acceptance -> warnings.add(found.accepted(acceptance)), () -> blockers.add(found));
    }

    private void offers(List<Hop> hops) {
        OfferFindings findings = new OfferFindings(request.offers(), hops, named());
        blockers.addAll(findings.blockers());
        warnings.addAll(findings.warnings());
    }

    /** What is not for the repositories to choose. */
    private Set<KubernetesVersion> named() {
        Stream<String> typed = Stream.concat(Stream.of(request.target()), request.via().stream());
        Stream<KubernetesVersion> standing = Stream.of(
                        Optional.of(cluster.controlPlane()), Optional.ofNullable(cluster.ahead()))
                .flatMap(Optional::stream);
        return Stream.concat(typed.map(KubernetesVersion::tryParse).flatMap(Optional::stream), standing)
                .collect(Collectors.toSet());
    }

    private static Blocker harmful(KubernetesVersion version, KnownBad row) {
        return new Blocker(
                "version-known-bad", version.toString(), row.why() + " (" + row.source() + ")", "take " + row.remedy());
    }

    private Map<String, StepSignature> signatures() {
        Map<String, StepSignature> used = new TreeMap<>();
        for (String uses : request.runbook().uses()) {
            StepSignature signature = request.signatures().get(uses);
            if (signature == null) {
                blockers.add(new Blocker(
                        "step-type-unknown",
                        uses,
                        "the runbook uses a step type that this Belay does not have",
                        "belay steps lists those it has"));
            } else {
                used.put(uses, signature);
            }
        }
        return used;
    }

    private Plan sealed(
            KubernetesVersion to, List<Hop> hops, Map<String, String> inputs, Map<String, StepSignature> signatures) {
        Plan open = plan(to, hops, inputs, signatures, "");
        return plan(to, hops, inputs, signatures, digest(open));
    }

    private Plan plan(
            KubernetesVersion to,
            List<Hop> hops,
            Map<String, String> inputs,
            Map<String, StepSignature> signatures,
            String digest) {
        return new Plan(
                request.runbook(),
                CanonicalJson.digest(request.runbook()),
                cluster,
                CanonicalJson.digest(request.inventory()),
                request.inventory().ignorePreflightErrors(),
                request.inventory().people(),
                hops.isEmpty() ? cluster.controlPlane() : hops.get(0).from(),
                to,
                hops,
                inputs,
                signatures,
                digest);
    }

    /**
     * Control planes first, then workers, each in the inventory's order; what the inventory does not know comes last, by name. Where a hop was
     * left in its middle, members of etcd's newer minor come before the others, so that the last one to rise is the last control plane.
     */
    private static ClusterFacts inOrderOf(Cluster inventory, ClusterFacts seen) {
        Map<NodeName, Integer> places = new TreeMap<>();
        inventory.hosts().forEach(host -> places.putIfAbsent(host.node(), places.size()));
        Set<String> behind = seen.membersBehind();
        List<NodeFacts> nodes = seen.nodes().stream()
                .sorted(Comparator.comparing(NodeFacts::role)
                        .thenComparing(node -> behind.contains(node.name().value()))
                        .thenComparing(node -> places.getOrDefault(node.name(), Integer.MAX_VALUE))
                        .thenComparing(NodeFacts::name))
                .map(node -> zoned(inventory, node))
                .toList();
        return seen.with(nodes);
    }

    private static NodeFacts zoned(Cluster inventory, NodeFacts node) {
        String zone = inventory
                .host(node.name())
                .map(Cluster.HostEntry::zone)
                .filter(given -> !given.isEmpty())
                .orElse(node.zone());
        return new NodeFacts(node.name(), node.role(), node.version(), zone, node.schedulable(), node.ready());
    }
}
