package dev.belay.model.runbook;

import dev.belay.model.runbook.StepSignature.Field;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A few step types, as the catalogue would describe them. */
public final class TestSignatures {

    private TestSignatures() {}

    /** By name; enough for the shipped runbook. */
    public static Map<String, StepSignature> all() {
        Map<String, StepSignature> all = new LinkedHashMap<>();
        List.of(
                        "check.access",
                        "cluster.lock",
                        "cluster.unlock",
                        "check.versions",
                        "check.nodes",
                        "check.certificates",
                        "check.disk",
                        "backup.files",
                        "backup.page",
                        "verify.versions",
                        "verify.nodes",
                        "verify.workload",
                        "verify.dns",
                        "verify.storage")
                .forEach(name -> add(all, cluster(name, Map.of(), Map.of())));
        List.of(
                        "kubeadm.plan",
                        "kubeadm.apply",
                        "kubeadm.node",
                        "controlPlane.awaitHealthy",
                        "node.cordon",
                        "node.upgradeKubelet",
                        "node.awaitReady",
                        "node.uncordon",
                        "workloads.awaitAvailable")
                .forEach(name -> add(all, node(name, Map.of(), Map.of("changed", field(ValueType.BOOLEAN, false)))));
        add(all, cluster("check.etcd", Map.of(), Map.of("members", field(ValueType.STRINGS, false))));
        Map<String, Field> snapshot = fields("file", ValueType.STRING, "bytes", ValueType.INTEGER);
        snapshot.put("path", field(ValueType.STRING, false));
        add(all, cluster("backup.etcd", Map.of(), snapshot));
        Map<String, Field> drill = fields("snapshot", ValueType.STRING, "version", ValueType.KUBERNETES_VERSION);
        drill.put("snapshot", field(ValueType.STRING, true));
        add(all, cluster("backup.drill", drill, Map.of()));
        add(
                all,
                node(
                        "packages.install",
                        Map.of(
                                "packages",
                                new Field(
                                        ValueType.STRINGS,
                                        true,
                                        "what to install",
                                        List.of("kubeadm", "kubelet", "kubectl"))),
                        Map.of("installed", field(ValueType.STRINGS, false))));
        add(all, node("node.drain", drain(), Map.of("evicted", field(ValueType.INTEGER, false))));
        return all;
    }

    /** In this order: messages list them so. */
    private static Map<String, Field> fields(String first, ValueType its, String second, ValueType type) {
        Map<String, Field> fields = new LinkedHashMap<>();
        fields.put(first, field(its, false));
        fields.put(second, field(type, false));
        return fields;
    }

    private static Map<String, Field> drain() {
        Map<String, Field> input = new LinkedHashMap<>();
        input.put("timeout", field(ValueType.DURATION, false));
        input.put("grace", field(ValueType.INTEGER, false));
        input.put("force", field(ValueType.BOOLEAN, false));
        input.put("mode", new Field(ValueType.STRING, false, "how", List.of("evict", "delete")));
        return input;
    }

    private static Field field(ValueType type, boolean required) {
        return new Field(type, required, "for tests", List.of());
    }

    private static StepSignature cluster(String uses, Map<String, Field> input, Map<String, Field> output) {
        return signature(uses, false, input, output);
    }

    private static StepSignature node(String uses, Map<String, Field> input, Map<String, Field> output) {
        return signature(uses, true, input, output);
    }

    private static StepSignature signature(
            String uses, boolean perNode, Map<String, Field> input, Map<String, Field> output) {
        Duration minute = Duration.ofMinutes(1);
        return new StepSignature(
                uses,
                "Does " + uses + ".",
                perNode,
                false,
                false,
                false,
                "",
                minute.multipliedBy(10),
                minute,
                input,
                output);
    }

    private static void add(Map<String, StepSignature> all, StepSignature signature) {
        all.put(signature.uses(), signature);
    }
}
