package dev.belay.activities.steps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The static pods of a node as its manifest directory has them. The kubelet runs every file there whose name does not begin with a dot,
 * so a copy under another name is a second pod (kubernetes/kubernetes#129364).
 *
 * @param byComponent by the label {@code component}, or by the pod's name when there is none
 * @param strays files that say they are a component another file already is
 */
public record StaticPods(Map<String, StaticPod> byComponent, List<String> strays) {

    public static final String DIRECTORY = "/etc/kubernetes/manifests";
    /** What kubeadm writes, without etcd. */
    public static final List<String> KUBERNETES =
            List.of("kube-apiserver", "kube-controller-manager", "kube-scheduler");

    /** Where the manifest of a component lies. */
    public static String manifest(String component) {
        return DIRECTORY + "/" + component + ".yaml";
    }

    /** What kubeadm writes on a control plane with stacked etcd. */
    public static List<String> all() {
        return Stream.concat(KUBERNETES.stream(), Stream.of("etcd")).toList();
    }

    /** One manifest: its file, the image, and the flags of its command. */
    public record StaticPod(String file, String image, List<String> flags) {

        /** The version that the image's tag says; empty for a digest alone or a tag that is no version. */
        public Optional<KubernetesVersion> version() {
            return KubernetesVersion.tryParse(tag(image));
        }

        /** The value of {@code --name=value}. */
        public Optional<String> flag(String name) {
            return flags.stream()
                    .filter(flag -> flag.startsWith(name + "="))
                    .map(flag -> flag.substring(name.length() + 1))
                    .findFirst();
        }
    }

    public StaticPods {
        byComponent = new TreeMap<>(byComponent);
        strays = List.copyOf(strays);
    }

    public static StaticPods of(Host host) {
        Map<String, StaticPod> pods = new TreeMap<>();
        List<String> strays = new ArrayList<>();
        for (FileEntry file : host.list(List.of(DIRECTORY))) {
            String name = file.path().substring(DIRECTORY.length() + 1);
            if (name.startsWith(".") || name.contains("/")) {
                continue;
            }
            host.read(file.path()).ifPresent(content -> add(host, file.path(), content, pods, strays));
        }
        return new StaticPods(pods, strays);
    }

    public Optional<StaticPod> pod(String component) {
        return Optional.ofNullable(byComponent.get(component));
    }

    /** What is missing until kubeadm's three components are at a version, one phrase each. */
    public List<String> missingFor(KubernetesVersion target) {
        List<String> missing = new ArrayList<>();
        for (String component : KUBERNETES) {
            Optional<StaticPod> pod = pod(component);
            if (pod.isEmpty()) {
                missing.add("there is no static pod " + component);
            } else if (!pod.get().version().equals(Optional.of(target))) {
                missing.add("the manifest of " + component + " has the image "
                        + pod.get().image());
            }
        }
        return missing;
    }

    /** The tag of an image; empty when it has none. */
    public static String tag(String image) {
        String name = image.contains("@") ? image.substring(0, image.indexOf('@')) : image;
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(colon + 1) : "";
    }

    private static void add(Host host, String path, byte[] content, Map<String, StaticPod> pods, List<String> strays) {
        JsonNode pod = parse(host.node(), path, content);
        String component = pod.path("metadata")
                .path("labels")
                .path("component")
                .asText(pod.path("metadata").path("name").asText(path));
        StaticPod other = pods.putIfAbsent(component, pod(path, pod));
        if (other != null) {
            strays.add(path + " is a second " + component + " beside " + other.file());
        }
    }

    /** The one static pod of a manifest, wherever its content comes from. */
    public static StaticPod read(NodeName node, String path, byte[] content) {
        return pod(path, parse(node, path, content));
    }

    private static StaticPod pod(String path, JsonNode pod) {
        JsonNode container = pod.path("spec").path("containers").path(0);
        List<String> flags = new ArrayList<>();
        for (String part : List.of("command", "args")) {
            StreamSupport.stream(container.path(part).spliterator(), false)
                    .map(JsonNode::asText)
                    .forEach(flags::add);
        }
        return new StaticPod(path, container.path("image").asText(), flags);
    }

    private static JsonNode parse(NodeName node, String path, byte[] content) {
        try {
            JsonNode tree = Yaml.mapper().readTree(new String(content, StandardCharsets.UTF_8));
            if (tree != null && tree.isObject()) {
                return tree;
            }
        } catch (JsonProcessingException e) {
            throw unreadable(node, path, e.getOriginalMessage());
        }
        throw unreadable(node, path, "it holds no object");
    }

    private static StepFailure unreadable(NodeName node, String path, String why) {
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "MANIFEST_UNREADABLE",
                node + ": the static pod manifest " + path + " cannot be read: " + why,
                "repair it or move it out of " + DIRECTORY);
    }
}
