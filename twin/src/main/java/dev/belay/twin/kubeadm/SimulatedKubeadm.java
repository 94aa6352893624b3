package dev.belay.twin.kubeadm;

import dev.belay.activities.host.FileAttributes;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.twin.kube.ApiNode;
import dev.belay.twin.machine.HostProcess;
import dev.belay.twin.machine.JobFaults;
import dev.belay.twin.machine.Kubeadm;
import dev.belay.twin.machine.Machine;
import dev.belay.twin.release.Releases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** {@code kubeadm upgrade plan}, {@code apply} and {@code node}. */
public final class SimulatedKubeadm implements Kubeadm {

    private static final Duration API_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration HEALTH = Duration.ofSeconds(6);
    private static final Duration PULL = Duration.ofSeconds(14);
    private static final Duration WRITE = Duration.ofSeconds(2);
    private static final String ADMIN = "/etc/kubernetes/admin.conf";
    private static final String SUPER_ADMIN = "/etc/kubernetes/super-admin.conf";
    private static final String IGNORE = "--ignore-preflight-errors=";

    private final Site site;

    public SimulatedKubeadm(Site site) {
        this.site = site;
    }

    @Override
    public List<Consumer<HostProcess>> upgrade(Machine machine, List<String> arguments, JobFaults faults) {
        KubernetesVersion binary = machine.packages().kubernetes("kubeadm").orElse(null);
        if (binary == null) {
            return ends(127, "sh: 1: kubeadm: not found");
        }
        String verb = arguments.isEmpty() ? "" : arguments.get(0);
        Optional<KubernetesVersion> target = verb.equals("node")
                ? Optional.of(site.configuration().version())
                : arguments.stream()
                        .skip(1)
                        .limit(1)
                        .flatMap(text -> KubernetesVersion.tryParse(text).stream())
                        .findFirst();
        if (target.isEmpty()) {
            return ends(1, "couldn't parse the version argument of kubeadm upgrade " + verb);
        }
        Call call = new Call(machine, site, verb, binary, target.get(), ignored(arguments), faults);
        return switch (verb) {
            case "plan" -> plan(call);
            case "apply" ->
                arguments.contains("--yes")
                        ? apply(call)
                        : ends(1, "[upgrade/confirm] aborted: no terminal to confirm on");
            case "node" -> node(call);
            default -> ends(1, "unknown command \"" + verb + "\" for \"kubeadm upgrade\"");
        };
    }

    @Override
    public List<Consumer<HostProcess>> certs(Machine machine, List<String> arguments) {
        return machine.packages().kubernetes("kubeadm").isPresent()
                ? new CertificateRenewal(machine, site).stages()
                : ends(127, "sh: 1: kubeadm: not found");
    }

    private List<Consumer<HostProcess>> plan(Call call) {
        List<Consumer<HostProcess>> stages = new ArrayList<>(List.of(process -> needAdminConf(call, process)));
        stages.addAll(readConfiguration(call));
        stages.add(process -> process.pause(HEALTH));
        stages.add(new Preflight(call)::run);
        stages.add(process -> table(call, process));
        return stages;
    }

    private List<Consumer<HostProcess>> apply(Call call) {
        Preflight preflight = new Preflight(call);
        List<Consumer<HostProcess>> stages = new ArrayList<>(List.of(process -> needAdminConf(call, process)));
        stages.addAll(readConfiguration(call));
        stages.add(process -> process.pause(HEALTH));
        stages.add(preflight::run);
        stages.add(preflight::versions);
        stages.add(process -> pull(call, process));
        stages.addAll(new ControlPlanePhase(call).stages());
        stages.add(process -> upload(call, process));
        stages.add(process -> kubeconfigs(call, process));
        stages.add(new KubeletPhase(call)::run);
        stages.add(new Addons(call)::run);
        stages.add(process -> process.pause(WRITE));
        stages.add(process -> process.say(
                call.hasPhases()
                        ? "[upgrade] SUCCESS! A control plane node of your cluster was upgraded to \"" + call.target()
                                + "\".\n\n[upgrade] Now please proceed with upgrading the rest of the nodes by following the right order."
                        : "[upgrade/successful] SUCCESS! Your cluster was upgraded to \"" + call.target()
                                + "\". Enjoy!\n\n[upgrade/kubelet] Now that your control plane is upgraded, please proceed with"
                                + " upgrading your kubelets if you haven't already done so."));
        return stages;
    }

    private List<Consumer<HostProcess>> node(Call call) {
        if (call.target().minor() > call.binary().minor()
                || call.target().minor() < call.binary().minor() - 1) {
            return ends(
                    1,
                    Words.phaseError(call, "preflight")
                            + "this version of kubeadm only supports deploying clusters with the "
                            + "control plane version >= 1." + (call.binary().minor() - 1) + ".0. Current version: "
                            + call.target());
        }
        boolean controlPlane =
                call.machine().staticPods().manifest(Releases.API_SERVER).isPresent();
        List<Consumer<HostProcess>> stages = new ArrayList<>(readConfiguration(call));
        stages.add(new Preflight(call)::runLocal);
        if (controlPlane) {
            stages.add(process -> pull(call, process));
            stages.addAll(new ControlPlanePhase(call).stages());
            stages.add(process -> process.say(
                    call.hasPhases()
                            ? "[upgrade/control-plane] The control plane instance for this node was successfully upgraded!"
                            : "[upgrade] The control plane instance for this node was successfully updated!"));
        } else {
            stages.add(process -> process.say("[upgrade/control-plane] Skipping phase. Not a control plane node."));
        }
        stages.add(process -> process.pause(WRITE));
        if (!controlPlane && call.faults().kubeadmFails()) {
            stages.add(process -> forbidden(call, process));
        }
        stages.add(new KubeletPhase(call)::run);
        stages.add(process -> process.say(
                call.hasPhases()
                        ? "[upgrade/kubelet-config] The kubelet configuration for this node was successfully upgraded!"
                        : "[upgrade] The configuration for this node was successfully updated!\n[upgrade] Now you should go ahead"
                                + " and upgrade the kubelet package using your package manager."));
        if (controlPlane) {
            stages.add(new Addons(call)::run);
        }
        return stages;
    }

    private static void needAdminConf(Call call, HostProcess process) {
        if (!call.machine().files().exists(ADMIN)) {
            process.say("couldn't create a Kubernetes client from file \"" + ADMIN
                    + "\": failed to load admin kubeconfig: open " + ADMIN + ": no such file or directory");
            process.say(Words.STACK_TRACE);
            process.exit(1);
        }
    }

    private static List<Consumer<HostProcess>> readConfiguration(Call call) {
        String endpoint = call.site().configuration().endpoint();
        return List.of(
                process -> process.say(
                        (call.hasPhases() ? "[upgrade]" : "[upgrade/config]")
                                + " Reading configuration from the \"kubeadm-config\" ConfigMap in namespace \"kube-system\"..."),
                HostProcess.await(() -> call.site().api().servers().available(), API_TIMEOUT, process -> {
                    process.say(Words.phaseError(call, "preflight")
                            + "unable to get ClusterConfiguration from the cluster: failed to get config map: Get \"https://"
                            + endpoint
                            + ":6443/api/v1/namespaces/kube-system/configmaps/kubeadm-config?timeout=10s\": dial tcp "
                            + endpoint + ":6443: connect: connection refused");
                    process.say(Words.STACK_TRACE);
                    process.exit(1);
                }));
    }

    private static void forbidden(Call call, HostProcess process) {
        process.say(Words.phaseError(call, "kubelet-config")
                + "could not retrieve the kubelet configuration: configmaps \"kubelet-config\" is forbidden: User \"system:node:"
                + call.machine().name()
                + "\" cannot get resource \"configmaps\" in API group \"\" in the namespace \"kube-system\"");
        process.say(Words.STACK_TRACE);
        process.exit(1);
    }

    private static void pull(Call call, HostProcess process) {
        process.say(
                call.hasPhases()
                        ? "[upgrade/preflight] Pulling images required for setting up a Kubernetes cluster"
                        : "[upgrade/prepull] Pulling images required for setting up a Kubernetes cluster");
        process.pause(PULL);
    }

    private void upload(Call call, HostProcess process) {
        site.upload(call.next());
        process.say(
                "[upload-config] Storing the configuration used in ConfigMap \"kubeadm-config\" in the \"kube-system\" Namespace\n"
                        + "[kubelet] Creating a ConfigMap \"kubelet-config\" in namespace kube-system with the configuration for the"
                        + " kubelets in the cluster");
    }

    private void kubeconfigs(Call call, HostProcess process) {
        if (call.target().minor() < 29) {
            return;
        }
        Machine machine = call.machine();
        if (!machine.files().exists(SUPER_ADMIN)) {
            String admin = site.pki()
                    .kubeconfig("kubernetes-admin", "O=kubeadm:cluster-admins,CN=kubernetes-admin", process.now());
            String superAdmin = site.pki()
                    .kubeconfig("kubernetes-super-admin", "O=system:masters,CN=kubernetes-super-admin", process.now());
            machine.files().write(ADMIN, admin, FileAttributes.ROOT_ONLY);
            machine.files().write(SUPER_ADMIN, superAdmin, FileAttributes.ROOT_ONLY);
            process.say(
                    "[kubeconfig] Writing \"admin.conf\" kubeconfig file\n[kubeconfig] Writing \"super-admin.conf\" kubeconfig file");
        }
    }

    private void table(Call call, HostProcess process) {
        KubernetesVersion cluster = site.configuration().version();
        process.say("[upgrade/versions] Cluster version: " + cluster);
        process.say("[upgrade/versions] kubeadm version: " + call.binary());
        process.say("[upgrade/versions] Target version: " + call.target());
        process.say(
                "\nComponents that must be upgraded manually after you have upgraded the control plane with 'kubeadm upgrade"
                        + " apply':\nCOMPONENT   NODE   CURRENT   TARGET");
        for (ApiNode node : site.api().apiNodes()) {
            process.say("kubelet     " + node + "    " + node.kubelet() + "   " + call.target());
        }
        process.say("\nUpgrade to the latest version in the v" + cluster.minorText()
                + " series:\n\nCOMPONENT                 NODE   CURRENT   TARGET");
        for (Machine machine : site.controlPlanes()) {
            process.say("kube-apiserver            " + machine.name() + "    " + cluster + "   " + call.target());
        }
        process.say(
                "etcd                             " + Releases.etcd(cluster) + "   " + Releases.etcdTag(call.target()));
        process.say("\nYou can now apply the upgrade by executing the following command:\n\n\tkubeadm upgrade apply "
                + call.target() + "\n");
    }

    private static Set<String> ignored(List<String> arguments) {
        return arguments.stream()
                .filter(argument -> argument.startsWith(IGNORE))
                .flatMap(argument ->
                        Arrays.stream(argument.substring(IGNORE.length()).split(",", -1)))
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Consumer<HostProcess>> ends(int code, String line) {
        return List.of(process -> {
            process.say(line);
            process.exit(code);
        });
    }
}
