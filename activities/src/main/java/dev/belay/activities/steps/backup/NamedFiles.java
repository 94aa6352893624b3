package dev.belay.activities.steps.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that flags of static pods name, where they are on the host: encryption providers, audit policies, configurations and kubeconfigs of
 * any component. Where a pod sees a file under another path than the host has it, its mounts say which.
 */
final class NamedFiles {

    private static final Pattern FLAG = Pattern.compile("--[a-z0-9-]*(?:file|config|kubeconfig|policy)=(/[^,]+)");

    private NamedFiles() {}

    static List<String> of(Host host) {
        TreeSet<String> paths = new TreeSet<>();
        for (FileEntry manifest : host.list(List.of(StaticPods.DIRECTORY))) {
            host.read(manifest.path()).ifPresent(content -> paths.addAll(named(content)));
        }
        return List.copyOf(paths);
    }

    /** Those of one manifest; one that cannot be read names none, and is kept as it is. */
    static List<String> named(byte[] manifest) {
        List<String> paths = new ArrayList<>();
        JsonNode spec = parse(manifest).path("spec");
        for (JsonNode container : spec.path("containers")) {
            Map<String, String> folders = folders(spec, container);
            for (String part : List.of("command", "args")) {
                container.path(part).forEach(word -> {
                    Matcher flag = FLAG.matcher(word.asText());
                    if (flag.matches()) {
                        paths.add(onHost(flag.group(1), folders));
                    }
                });
            }
        }
        return paths;
    }

    /** Host paths by the container's, the longest first. */
    private static Map<String, String> folders(JsonNode spec, JsonNode container) {
        Map<String, String> hostPaths = new TreeMap<>();
        spec.path("volumes")
                .forEach(volume -> hostPaths.put(
                        volume.path("name").asText(),
                        volume.path("hostPath").path("path").asText()));
        Map<String, String> folders =
                new TreeMap<>(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        container
                .path("volumeMounts")
                .forEach(mount -> folders.put(
                        mount.path("mountPath").asText(),
                        hostPaths.getOrDefault(mount.path("name").asText(), "")));
        return folders;
    }

    private static String onHost(String path, Map<String, String> folders) {
        return folders.entrySet().stream()
                .filter(folder -> !folder.getValue().isEmpty())
                .filter(folder -> path.equals(folder.getKey()) || path.startsWith(folder.getKey() + "/"))
                .findFirst()
                .map(folder ->
                        folder.getValue() + path.substring(folder.getKey().length()))
                .orElse(path);
    }

    private static JsonNode parse(byte[] manifest) {
        try {
            JsonNode tree = Yaml.mapper().readTree(new String(manifest, StandardCharsets.UTF_8));
            return tree == null ? Yaml.mapper().missingNode() : tree;
        } catch (JsonProcessingException e) {
            return Yaml.mapper().missingNode();
        }
    }
}
