package dev.belay.activities;

import dev.belay.model.kubernetes.KubernetesVersion;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The index of a Debian package repository, {@code Packages}: one paragraph for each package and version. */
record PackageIndex(Map<String, Set<String>> versions) {

    private static final List<String> NEEDED = List.of("kubeadm", "kubelet", "kubectl");

    static PackageIndex parse(byte[] content) {
        Map<String, Set<String>> versions = new HashMap<>();
        String name = "";
        for (String line : new String(content, StandardCharsets.UTF_8).lines().toList()) {
            if (line.isBlank()) {
                name = "";
            } else if (line.startsWith("Package:")) {
                name = value(line);
            } else if (line.startsWith("Version:") && !name.isEmpty()) {
                versions.computeIfAbsent(name, any -> new HashSet<>()).add(value(line));
            }
        }
        return new PackageIndex(versions);
    }

    /** Versions of Kubernetes of which kubeadm, kubelet and kubectl are there with this Debian revision, lowest first. */
    List<KubernetesVersion> whole(String revision) {
        return versions.getOrDefault("kubeadm", Set.of()).stream()
                .filter(version -> NEEDED.stream()
                        .allMatch(name -> versions.getOrDefault(name, Set.of()).contains(version)))
                .filter(version -> version.endsWith("-" + revision))
                .map(version ->
                        KubernetesVersion.tryParse(version.substring(0, version.length() - revision.length() - 1)))
                .flatMap(Optional::stream)
                .sorted()
                .toList();
    }

    private static String value(String line) {
        return line.substring(line.indexOf(':') + 1).strip();
    }
}
