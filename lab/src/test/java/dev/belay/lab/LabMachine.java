package dev.belay.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A node of the lab, hurt from outside: by the engine that runs it, never through SSH. */
public record LabMachine(String node) {

    private String container() {
        return "belay-" + node;
    }

    /** Waits until a program whose command line begins so runs on it. */
    void awaitProgram(String commandLine) throws InterruptedException {
        RealRun.await(
                commandLine + " runs on " + node,
                Duration.ofMinutes(5),
                () -> inside("pgrep", "-f", "^" + commandLine).exit() == 0);
    }

    boolean runs(String commandLine) {
        return inside("pgrep", "-f", "^" + commandLine).exit() == 0;
    }

    boolean has(String path) {
        return inside("test", "-e", path).exit() == 0;
    }

    /** The process of etcd that systemd runs, and since when. */
    String etcd() {
        return inside("systemctl", "show", "--property=MainPID,ExecMainStartTimestamp", "etcd.service")
                .output();
    }

    /** Its etcd ends, and cannot begin again on what is left of its data. */
    void spoilEtcd(String data) {
        check(inside("dd", "if=/dev/zero", "of=" + data + "/member/snap/db", "bs=4096", "count=4", "conv=notrunc"));
        check(inside("systemctl", "kill", "-s", "KILL", "etcd.service"));
    }

    String owner(String path) {
        return inside("stat", "-c", "%U", path).output().strip();
    }

    /** Cuts every SSH connection to it, as a lost network does; its sshd goes on. */
    void cutSsh() {
        check(inside("pkill", "-9", "-f", "^sshd: ops"));
    }

    public void powerOff() {
        check(docker("stop", "-t", "0", container()));
    }

    public void powerOn() {
        check(docker("start", container()));
    }

    /** Issues every certificate of kubeadm's anew, for a short time; what runs goes on with the old ones. */
    void issueShort(Duration validity) {
        String configuration = """
                apiVersion: kubeadm.k8s.io/v1beta4
                kind: ClusterConfiguration
                controlPlaneEndpoint: 172.30.0.1:6443
                certificateValidityPeriod: %dm
                """.formatted(validity.toMinutes());
        check(inside(
                "sh",
                "-c",
                "printf '%s' \"$0\" > /tmp/short.yaml && kubeadm certs renew all --config /tmp/short.yaml; rm /tmp/short.yaml",
                configuration));
    }

    /** Its etcd starts anew with a quota, in bytes; waits until it runs with it. */
    void giveEtcdQuota(long quota) {
        String flag = "--quota-backend-bytes=" + quota;
        check(inside(
                "sed",
                "-i",
                "s|    - --snapshot-count=|    - " + flag + "\\n&|",
                "/etc/kubernetes/manifests/etcd.yaml"));
        try {
            awaitProgram("etcd .*" + flag);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** How often systemd started the job of this step's kubeadm. */
    long kubeadmStarts(String step) {
        return inside("journalctl", "--no-pager", "-o", "cat")
                .output()
                .lines()
                .filter(line -> line.startsWith("Started belay-") && line.contains("-" + step + "-"))
                .filter(line -> line.contains("-kubeadm-"))
                .count();
    }

    private RealRun.Ran inside(String... argv) {
        List<String> all = new ArrayList<>(List.of("exec", container()));
        all.addAll(List.of(argv));
        return docker(all.toArray(String[]::new));
    }

    private static RealRun.Ran docker(String... arguments) {
        List<String> argv = new ArrayList<>(List.of("docker"));
        argv.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new RealRun.Ran(process.waitFor(), output);
        } catch (IOException | InterruptedException broken) {
            throw new AssertionError("cannot run " + argv, broken);
        }
    }

    private static void check(RealRun.Ran ran) {
        if (ran.exit() != 0) {
            throw new AssertionError(ran.output());
        }
    }
}
