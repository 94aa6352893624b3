package dev.belay.twin.kubeadm;

import dev.belay.activities.host.FileAttributes;
import dev.belay.twin.machine.Files;
import dev.belay.twin.machine.HostProcess;
import dev.belay.twin.machine.Kubelet;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Writes the kubelet's configuration from the cluster's, and takes out of kubeadm's own flags file what the target no longer knows. */
final class KubeletPhase {

    private static final String INSTANCE = "/var/lib/kubelet/instance-config.yaml";
    private static final String SOCKET = "unix:///var/run/containerd/containerd.sock";

    private final Call call;

    KubeletPhase(Call call) {
        this.call = call;
    }

    void run(HostProcess process) {
        Files files = call.machine().files();
        String backup = "/etc/kubernetes/tmp/kubeadm-kubelet-config"
                + Math.floorMod(process.now().getEpochSecond() * 7919, 1_000_000_000L) + "/config.yaml";
        files.text(Kubelet.CONFIG).ifPresent(old -> files.write(backup, old, FileAttributes.ROOT_READABLE));
        process.say("[upgrade] Backing up kubelet config file to " + backup);
        String config = call.site()
                .api()
                .configMap("kube-system", "kubelet-config")
                .map(data -> data.getOrDefault("kubelet", ""))
                .orElse("");
        files.write(Kubelet.CONFIG, config, FileAttributes.ROOT_READABLE);
        process.say("[kubelet-start] Writing kubelet configuration to file \"/var/lib/kubelet/config.yaml\"");
        cleanFlags(files);
        if (call.target().minor() >= 34) {
            files.write(
                    INSTANCE,
                    "apiVersion: kubelet.config.k8s.io/v1beta1\ncontainerRuntimeEndpoint: " + SOCKET
                            + "\nkind: KubeletConfiguration\n",
                    FileAttributes.ROOT_READABLE);
        }
    }

    private void cleanFlags(Files files) {
        String old = files.text(Kubelet.FLAGS).orElse("");
        String flags = old.replaceFirst("^KUBELET_KUBEADM_ARGS=\"", "").replaceFirst("\"\\s*$", "");
        String kept = Arrays.stream(flags.split(" ", -1))
                .filter(flag -> !isObsolete(flag.replaceFirst("=.*", "")))
                .collect(Collectors.joining(" "));
        if (!kept.equals(flags)) {
            files.write(Kubelet.FLAGS, "KUBELET_KUBEADM_ARGS=\"" + kept + "\"\n", FileAttributes.ROOT_READABLE);
        }
    }

    private boolean isObsolete(String flag) {
        int minor = call.target().minor();
        return (flag.equals("--container-runtime") && minor >= 27)
                || (flag.equals("--container-runtime-endpoint") && minor >= 34)
                || (flag.equals("--pod-infra-container-image") && minor >= 35);
    }
}
