package dev.belay.twin.kubeadm;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.twin.kube.ApiNode;
import dev.belay.twin.machine.HostProcess;
import dev.belay.twin.machine.StaticPods;
import dev.belay.twin.release.Releases;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** kubeadm's preflight checks in an upgrade, as far as the twin's world can fail them. */
final class Preflight {

    private final Call call;

    Preflight(Call call) {
        this.call = call;
    }

    /** The checks of the cluster's health, and of this machine. */
    void run(HostProcess process) {
        process.say(
                call.hasPhases()
                        ? "[upgrade/preflight] Running preflight checks\n[upgrade] Running cluster health checks"
                        : "[preflight] Running pre-flight checks.\n[upgrade] Running cluster health checks");
        judge(process, clusterErrors());
    }

    /** What {@code upgrade node} checks: this machine only. */
    void runLocal(HostProcess process) {
        process.say("[preflight] Running pre-flight checks");
        Map<String, String> errors = new LinkedHashMap<>();
        systemVerification(errors);
        runtime(errors);
        judge(process, errors);
    }

    private void judge(HostProcess process, Map<String, String> errors) {
        StringBuilder fatal = new StringBuilder();
        errors.forEach((name, why) -> {
            if (call.ignored().contains(name.toLowerCase(Locale.ROOT))) {
                process.say("\t[WARNING " + name + "]: " + why);
            } else {
                fatal.append("\t[ERROR ").append(name).append("]: ").append(why).append('\n');
            }
        });
        if (!fatal.isEmpty()) {
            process.say((call.hasPhases() ? Words.phaseError(call, "preflight") : "[upgrade/health] FATAL: ")
                    + "[preflight] Some fatal errors occurred:\n" + fatal
                    + "[preflight] If you know what you are doing, you can make a check non-fatal with "
                    + "`--ignore-preflight-errors=...`");
            process.say(Words.STACK_TRACE);
            process.exit(1);
        }
    }

    private Map<String, String> clusterErrors() {
        Map<String, String> errors = new LinkedHashMap<>();
        systemVerification(errors);
        runtime(errors);
        createJob(errors);
        controlPlanesReady(errors);
        manifests(errors);
        return errors;
    }

    private void systemVerification(Map<String, String> errors) {
        if (call.binary().minor() >= 35 && !call.machine().traits().cgroupV2()) {
            errors.put(
                    "SystemVerification",
                    "cgroups v1 support is deprecated and will be removed in a future release. Please migrate to cgroups v2. To"
                            + " explicitly enable cgroups v1 support for kubelet v1.35 or newer, you must set the kubelet"
                            + " configuration option 'FailCgroupV1' to 'false'. You must also explicitly skip this"
                            + " validation. For more information, see https://git.k8s.io/enhancements/keps/sig-node/5573-remove-cgroup-v1");
        }
    }

    private void runtime(Map<String, String> errors) {
        int[] containerd = numbers(call.machine().traits().containerd());
        if (call.binary().minor() >= 26 && containerd[0] == 1 && containerd[1] < 6) {
            errors.put(
                    "CRI",
                    "container runtime is not running: output: validate service connection: CRI v1 runtime API is not"
                            + " implemented for endpoint \"unix:///var/run/containerd/containerd.sock\": rpc error: code ="
                            + " Unimplemented desc = unknown service runtime.v1.RuntimeService");
        }
    }

    private void createJob(Map<String, String> errors) {
        boolean schedulable =
                call.site().api().apiNodes().stream().anyMatch(node -> node.isReady() && !node.isUnschedulable());
        boolean slow = call.faults().kubeadmFails() && call.verb().equals("plan");
        if (slow || (!schedulable && call.binary().minor() < 31)) {
            errors.put(
                    "CreateJob",
                    "Job \"upgrade-health-check\" in the namespace \"kube-system\" did not complete in 15s: no condition of type Complete");
        }
    }

    private void controlPlanesReady(Map<String, String> errors) {
        List<String> notReady = call.site().api().apiNodes().stream()
                .filter(node -> node.isControlPlane() && !node.isReady())
                .map(ApiNode::toString)
                .toList();
        if (!notReady.isEmpty()) {
            errors.put(
                    "ControlPlaneNodesReady",
                    "there are NotReady control-planes in the cluster: " + Words.list(notReady));
        }
    }

    private void manifests(Map<String, String> errors) {
        List<String> missing = Releases.COMPONENTS.stream()
                .filter(component -> !component.equals(Releases.ETCD))
                .filter(component ->
                        call.machine().staticPods().manifest(component).isEmpty())
                .map(component -> StaticPods.FOLDER + "/" + component + ".yaml")
                .toList();
        if (!missing.isEmpty()) {
            errors.put(
                    "StaticPodManifest",
                    "The control plane seems to be Static Pod-hosted, but some of the manifests don't seem to exist on disk. This"
                            + " probably means you're running 'kubeadm upgrade' on a remote machine, which is not supported"
                            + " for a Static Pod-hosted cluster. Manifest files not found: " + Words.list(missing));
        }
    }

    /** The policy about versions; ends the process when it says no. */
    void versions(HostProcess process) {
        KubernetesVersion cluster = call.site().configuration().version();
        process.say("[upgrade/version] You have chosen to upgrade the cluster version to \"" + call.target() + "\"");
        process.say("[upgrade/versions] Cluster version: " + cluster);
        process.say("[upgrade/versions] kubeadm version: " + call.binary());
        List<KubernetesVersion> kubelets =
                call.site().api().apiNodes().stream().map(ApiNode::kubelet).toList();
        List<String> fatal = VersionPolicy.fatal(call.target(), cluster, call.binary());
        List<String> skippable = VersionPolicy.skippable(call.target(), call.binary(), kubelets);
        if (fatal.isEmpty() && skippable.isEmpty()) {
            return;
        }
        process.say((call.hasPhases() ? Words.phaseError(call, "preflight") : "[upgrade/version] FATAL: ")
                + "the version argument is invalid due to these "
                + (fatal.isEmpty() ? "errors:\n" : "fatal errors:\n"));
        fatal.forEach(why -> process.say("\t- " + why));
        skippable.forEach(why -> process.say("\t- " + why));
        process.say(
                fatal.isEmpty()
                        ? "\nCan be bypassed if you pass the --force flag"
                        : "\nPlease fix the misalignments highlighted above and try upgrading again");
        process.say(Words.STACK_TRACE);
        process.exit(1);
    }

    private static int[] numbers(String version) {
        String[] parts = version.split("\\.", -1);
        return new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])};
    }
}
