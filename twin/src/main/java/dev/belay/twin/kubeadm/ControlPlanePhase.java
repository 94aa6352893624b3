package dev.belay.twin.kubeadm;

import dev.belay.activities.host.FileAttributes;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.twin.etcd.Member;
import dev.belay.twin.machine.HostProcess;
import dev.belay.twin.machine.Machine;
import dev.belay.twin.machine.StaticPods;
import dev.belay.twin.pki.ClusterPki;
import dev.belay.twin.release.Releases;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Replaces the static pods of one node: etcd, kube-apiserver, kube-controller-manager, kube-scheduler, one after the other. A component that
 * does not come up within five minutes puts the old manifests back, but never an etcd that had come up.
 */
final class ControlPlanePhase {

    private static final Duration MANIFEST_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration ETCD_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration ETCD_COPY = Duration.ofSeconds(3);
    private static final Duration SETTLE = Duration.ofSeconds(4);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss").withZone(ZoneOffset.UTC);

    private final Call call;
    private final Machine machine;
    private String backupFolder = "";
    private final Map<String, String> moved = new LinkedHashMap<>();

    ControlPlanePhase(Call call) {
        this.call = call;
        this.machine = call.machine();
    }

    List<Consumer<HostProcess>> stages() {
        List<Consumer<HostProcess>> stages = new ArrayList<>();
        stages.add(process ->
                backupFolder = "/etc/kubernetes/tmp/kubeadm-backup-manifests-" + STAMP.format(process.now()));
        stages.add(process -> process.say("[upgrade/"
                + (call.hasPhases() ? "control-plane" : "apply")
                + "] Upgrading your Static Pod-hosted control plane to version \"" + call.target()
                + "\" (timeout: 5m0s)..."));
        if (!call.next().hasExternalEtcd()) {
            stages.add(HostProcess.await(this::etcdHealthy, ETCD_TIMEOUT, this::etcdUnhealthy));
            stages.add(process -> process.pause(ETCD_COPY));
            stages.add(this::etcd);
        }
        Releases.COMPONENTS.stream()
                .filter(component -> !component.equals(Releases.ETCD))
                .forEach(component -> stages.add(process -> process.next(upgrade(component))));
        return stages;
    }

    private boolean etcdHealthy() {
        boolean quorumIsEnough = call.binary().minor() >= 37;
        return call.site().etcd().answers()
                && (quorumIsEnough || call.site().etcd().members().stream().allMatch(Member::isRunning));
    }

    private void etcdUnhealthy(HostProcess process) {
        String endpoint = call.site().etcd().members().stream()
                .filter(member -> !member.isRunning())
                .map(member -> "https://" + member.address() + ":2379")
                .findFirst()
                .orElse("https://" + machine.address() + ":2379");
        fail(
                process,
                "fatal error when trying to upgrade the etcd cluster: etcd cluster is not healthy: failed to dial endpoint "
                        + endpoint + " with maintenance client: context deadline exceeded");
    }

    private void etcd(HostProcess process) {
        process.say("[upgrade/etcd] Upgrading to TLS for etcd");
        EtcdVersion wanted = EtcdVersion.parse(Releases.etcd(call.target()));
        EtcdVersion current = EtcdVersion.parse(call.site()
                .etcd()
                .member(machine.name().value())
                .map(Member::version)
                .orElse(wanted.toString()));
        if (wanted.compareTo(current) < 0) {
            process.say("[upgrade/etcd] Non fatal issue encountered during upgrade: the desired etcd version \""
                    + wanted + "\" is not newer than the currently installed \"" + current
                    + "\". Skipping etcd upgrade");
            return;
        }
        process.next(upgrade(Releases.ETCD));
    }

    private List<Consumer<HostProcess>> upgrade(String component) {
        return List.of(process -> {
            process.say("[upgrade/staticpods] Preparing for \"" + component + "\" upgrade");
            renew(component, process);
            String next = call.site().manifest(component, machine, call.next());
            if (machine.staticPods().manifest(component).filter(next::equals).isPresent()) {
                process.say("[upgrade/staticpods] Current and new manifests of " + component
                        + " are equal, skipping upgrade");
                return;
            }
            process.next(replace(component, next));
        });
    }

    private List<Consumer<HostProcess>> replace(String component, String next) {
        return List.of(
                process -> move(component, next, process),
                HostProcess.await(() -> isUp(component), MANIFEST_TIMEOUT, process -> timedOut(component, process)),
                process -> process.pause(SETTLE),
                process -> process.say("[apiclient] Found 1 Pods for label selector component=" + component
                        + "\n[upgrade/staticpods] Component \"" + component + "\" upgraded successfully!"));
    }

    private boolean isUp(String component) {
        return machine.staticPods().follows(component)
                && call.site().api().servers().available();
    }

    private void renew(String component, HostProcess process) {
        ClusterPki.Node node = new ClusterPki.Node(machine.name().value(), machine.address());
        call.site().pki().of(component, node, process.now()).forEach((path, text) -> {
            if (call.next().hasExternalEtcd() && path.contains("etcd")) {
                return;
            }
            if (!path.endsWith(".key")) {
                String name = path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.crt$", "");
                process.say("[upgrade/staticpods] Renewing " + name + " certificate");
            }
            boolean secret = !path.endsWith(".crt");
            machine.files().write(path, text, secret ? FileAttributes.ROOT_ONLY : FileAttributes.ROOT_READABLE);
        });
    }

    private void move(String component, String next, HostProcess process) {
        if (call.faults().kubeadmFails() && component.equals(Releases.API_SERVER)) {
            machine.staticPods().sabotage(component, true);
        }
        String real = StaticPods.FOLDER + "/" + component + ".yaml";
        String backup = backupFolder + "/" + component + ".yaml";
        machine.files().move(real, backup);
        machine.files().write(real, next, FileAttributes.ROOT_ONLY);
        moved.put(component, backup);
        process.say(
                call.binary().minor() >= 29
                        ? "[upgrade/staticpods] Moving new manifest to \"" + real
                                + "\" and backing up old manifest to \"" + backup + "\""
                        : "[upgrade/staticpods] Moved new manifest to \"" + real + "\" and backed up old manifest to \""
                                + backup + "\"");
        process.say("[upgrade/staticpods] Waiting for the kubelet to restart the component");
        process.say(
                call.hasPhases()
                        ? "[upgrade/staticpods] This can take up to 5m0s"
                        : "[upgrade/staticpods] This might take a minute or longer depending on the component/version gap (timeout"
                                + " 5m0s)");
    }

    private void timedOut(String component, HostProcess process) {
        String why = "static Pod hash for component " + component + " on Node " + machine.name()
                + " did not change after 5m0s: timed out waiting for the condition";
        machine.staticPods().sabotage(component, false);
        rollBack(component);
        String recovered =
                "couldn't upgrade control plane. kubeadm has tried to recover everything into the earlier state. "
                        + "Errors faced: [" + why + "]";
        if (!component.equals(Releases.ETCD)) {
            fail(process, recovered);
            return;
        }
        process.say("[upgrade/etcd] Failed to upgrade etcd: " + recovered);
        process.say("[upgrade/etcd] Waiting for previous etcd to become available");
        process.next(List.of(HostProcess.await(this::etcdHealthy, ETCD_TIMEOUT, this::etcdUnhealthy), then -> {
            then.say("[upgrade/etcd] Etcd was rolled back and is now available");
            fail(
                    then,
                    "fatal error when trying to upgrade the etcd cluster, rolled the state back to pre-upgrade state: "
                            + recovered);
        }));
    }

    private void rollBack(String failed) {
        moved.forEach((component, backup) -> {
            if (!component.equals(Releases.ETCD) || failed.equals(Releases.ETCD)) {
                machine.files().move(backup, StaticPods.FOLDER + "/" + component + ".yaml");
            }
        });
    }

    private void fail(HostProcess process, String why) {
        process.say(
                call.hasPhases()
                        ? Words.phaseError(call, "control-plane") + "couldn't complete the static pod upgrade: " + why
                        : "[upgrade/apply] FATAL: " + why);
        process.say(Words.STACK_TRACE);
        process.exit(1);
    }
}
