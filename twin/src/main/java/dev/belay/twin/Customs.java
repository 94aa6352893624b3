package dev.belay.twin;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * In what a simulated cluster differs from a plain one.
 *
 * @param containerd its version on every node
 * @param kubeletExtraArgs what {@code /etc/default/kubelet} sets, such as {@code --runonce=false}
 * @param kubeletConfig lines added to the cluster's KubeletConfiguration
 * @param componentArgs extra arguments in kubeadm-config, by component
 * @param storageClass name of a default StorageClass; empty for none
 */
public record Customs(
        boolean cgroupV2,
        String containerd,
        String kubeletExtraArgs,
        String kubeletConfig,
        Map<String, List<String>> componentArgs,
        String storageClass) {

    public static final Customs PLAIN = new Customs(true, "2.2.1", "", "", Map.of(), "");

    public Customs {
        componentArgs = new TreeMap<>(componentArgs);
    }

    public Customs withCgroupV1() {
        return new Customs(false, containerd, kubeletExtraArgs, kubeletConfig, componentArgs, storageClass);
    }

    public Customs withContainerd(String version) {
        return new Customs(cgroupV2, version, kubeletExtraArgs, kubeletConfig, componentArgs, storageClass);
    }

    public Customs withKubeletExtraArgs(String args) {
        return new Customs(cgroupV2, containerd, args, kubeletConfig, componentArgs, storageClass);
    }

    public Customs withKubeletConfig(String lines) {
        return new Customs(cgroupV2, containerd, kubeletExtraArgs, lines, componentArgs, storageClass);
    }

    public Customs withComponentArgs(Map<String, List<String>> args) {
        return new Customs(cgroupV2, containerd, kubeletExtraArgs, kubeletConfig, args, storageClass);
    }

    public Customs withStorageClass(String name) {
        return new Customs(cgroupV2, containerd, kubeletExtraArgs, kubeletConfig, componentArgs, name);
    }
}
