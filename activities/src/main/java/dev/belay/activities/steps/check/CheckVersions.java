package dev.belay.activities.steps.check;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.kube.ApiServerHealth;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.steps.ClusterConfiguration;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Findings;
import dev.belay.activities.steps.Nothing;
import dev.belay.model.kubernetes.Finding;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KnownBad;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.VersionSkew;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Compares the versions that API servers (each by its own address), kubelets and kubeadm's own record say with the hop's, by the version
 * skew policy. A cluster that is already part of the way is fine; one that is somewhere else is not.
 */
public final class CheckVersions extends DeclaredStep<Nothing, CheckVersions.Output> {

    public record Output(
            @Doc("The lowest version that any API server answers with")
            KubernetesVersion controlPlane) {}

    public CheckVersions() {
        super(
                "check.versions",
                "Compares every API server, kubelet and kubeadm's record with the hop, by the version skew policy",
                Nothing.class,
                Output.class,
                Traits.cluster("2m", "2s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        Findings findings = new Findings();
        Hop hop = context.call().hop();
        Map<NodeName, KubernetesVersion> servers = apiServers(context, hop, findings);
        if (servers.values().stream().anyMatch(version -> !version.equals(hop.to()))) {
            VersionSkew.hop(hop.from(), hop.to()).forEach(finding -> stop(finding, findings));
        }
        VersionSkew.apiServers(servers).forEach(finding -> stop(finding, findings));
        kubelets(context, hop, servers, findings);
        findings.look(() -> recorded(context, hop, findings));
        known(hop, findings);
        findings.judge();
        KubernetesVersion lowest =
                servers.values().stream().min(KubernetesVersion::compareTo).orElse(hop.from());
        return Done.done(
                new Output(lowest),
                findings.report("API servers and kubelets fit the hop; the lowest API server is " + lowest));
    }

    private static Map<NodeName, KubernetesVersion> apiServers(StepContext context, Hop hop, Findings findings) {
        Map<NodeName, KubernetesVersion> servers = new TreeMap<>();
        for (NodeName node : ControlPlanes.of(context)) {
            ApiServerHealth health = context.kube().apiServer(node);
            health.version().ifPresent(version -> servers.put(node, version));
            if (!health.ready() || health.version().isEmpty()) {
                findings.stop(
                        "API_SERVER_DOWN",
                        "the API server of " + node + " is not ready: " + health.detail(),
                        "look at the static pod kube-apiserver on " + node);
            } else if (!isOf(hop, health.version().get())) {
                findings.stop(
                        "VERSION_DRIFT",
                        "the API server of " + node + " is at "
                                + health.version().get() + ", but the hop is " + hop.from() + " to " + hop.to(),
                        "plan again from what is there");
            }
        }
        return servers;
    }

    private static void recorded(StepContext context, Hop hop, Findings findings) {
        Optional<KubernetesVersion> recorded =
                ClusterConfiguration.of(context.kube()).kubernetesVersion();
        if (recorded.filter(version -> isOf(hop, version)).isEmpty()) {
            findings.stop(
                    "KUBEADM_CONFIG",
                    "kubeadm-config says " + recorded.map(Object::toString).orElse("no version") + ", but the hop is "
                            + hop.from() + " to " + hop.to(),
                    "find out who changed it; plan again from what is there");
        }
    }

    private static void kubelets(
            StepContext context, Hop hop, Map<NodeName, KubernetesVersion> servers, Findings findings) {
        Map<NodeName, KubernetesVersion> kubelets = new TreeMap<>();
        for (KubeNode node : context.kube().nodes()) {
            kubelets.put(node.name(), node.kubelet());
        }
        KubernetesVersion lowest =
                servers.values().stream().min(KubernetesVersion::compareTo).orElse(hop.from());
        List<Finding> now = VersionSkew.kubelets(lowest, kubelets);
        now.forEach(finding -> stop(finding, findings));
        if (now.isEmpty()) {
            VersionSkew.kubelets(hop.to(), kubelets).forEach(finding -> stop(finding, findings));
        }
    }

    private static void known(Hop hop, Findings findings) {
        for (KnownBad bad : KnownBad.of(hop.to())) {
            if (bad.blocks()) {
                findings.stop(
                        "KNOWN_BAD", hop.to() + ": " + bad.why() + " (" + bad.source() + ")", "take " + bad.remedy());
            } else {
                findings.warn(hop.to() + ": " + bad.why());
            }
        }
        KnownBad.of(hop.from()).forEach(bad -> findings.warn(hop.from() + ": " + bad.why()));
    }

    private static boolean isOf(Hop hop, KubernetesVersion version) {
        return version.equals(hop.from()) || version.equals(hop.to());
    }

    private static void stop(Finding finding, Findings findings) {
        findings.stop("VERSION_SKEW", finding.object() + ": " + finding.why(), finding.remedy());
    }
}
