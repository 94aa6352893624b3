package dev.belay.twin.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** One object of a YAML stream. */
record Manifest(String kind, String namespace, String name, JsonNode tree) {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    private static final Set<String> CLUSTER_SCOPED = Set.of("Namespace", "PersistentVolume", "StorageClass", "Node");

    static List<Manifest> read(String stream) {
        List<Manifest> objects = new ArrayList<>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(stream)) {
            while (documents.hasNextValue()) {
                JsonNode tree = documents.nextValue();
                if (tree != null && !tree.isNull()) {
                    objects.add(of(tree));
                }
            }
        } catch (JsonProcessingException broken) {
            throw new Unreadable(broken.getOriginalMessage());
        } catch (IOException impossible) {
            throw new IllegalStateException("text cannot fail to be read", impossible);
        }
        return objects;
    }

    private static Manifest of(JsonNode tree) {
        String kind = tree.path("kind").asText("");
        if (kind.isEmpty() || tree.path("apiVersion").asText("").isEmpty()) {
            throw new Unreadable("a document without apiVersion and kind");
        }
        String name = tree.at("/metadata/name").asText();
        if (!NAME.matcher(name).matches()) {
            throw new Refused(
                    "422 " + kind + " \"" + name + "\" is invalid: metadata.name: a lowercase RFC 1123 subdomain"
                            + " must consist of lower case alphanumeric characters, '-' or '.'");
        }
        boolean scoped = !CLUSTER_SCOPED.contains(kind);
        return new Manifest(kind, scoped ? tree.at("/metadata/namespace").asText("default") : "", name, tree);
    }

    boolean isNamespaced() {
        return !namespace.isEmpty();
    }

    String key() {
        return kind + "/" + namespace + "/" + name;
    }

    int replicas() {
        return tree.at("/spec/replicas").asInt(1);
    }

    Map<String, String> data() {
        return map(tree.path("data"));
    }

    Budget budget() {
        JsonNode spec = tree.path("spec");
        Budget.Limit limit = spec.has("minAvailable")
                ? Budget.Limit.minAvailable(spec.path("minAvailable").asInt())
                : Budget.Limit.maxUnavailable(spec.path("maxUnavailable").asInt());
        return new Budget(namespace, name, map(spec.at("/selector/matchLabels")), limit);
    }

    boolean hasContainers() {
        return !tree.at("/spec/template/spec/containers").isEmpty();
    }

    /** A workload must say which pods are its own, and of what they are made. */
    void requireWhole() {
        List<String> missing = new ArrayList<>();
        if (tree.at("/spec/selector").isEmpty()) {
            missing.add("spec.selector: Required value");
        }
        if (!hasContainers()) {
            missing.add("spec.template.spec.containers: Required value");
        }
        if (!missing.isEmpty()) {
            throw new Refused(
                    "422 " + kind + ".apps \"" + name + "\" is invalid: [" + String.join(", ", missing) + "]");
        }
    }

    /** Of a pod itself. */
    PodTemplate pod() {
        return template(tree);
    }

    /** Of a workload's pods. */
    PodTemplate podTemplate() {
        return template(tree.at("/spec/template"));
    }

    private static PodTemplate template(JsonNode pod) {
        JsonNode spec = pod.path("spec");
        JsonNode container = spec.path("containers").path(0);
        List<String> command = new ArrayList<>(texts(container.path("command")));
        command.addAll(texts(container.path("args")));
        boolean runsToItsEnd = !spec.path("restartPolicy").asText("Always").equals("Always") && !command.isEmpty();
        return new PodTemplate(
                map(pod.at("/metadata/labels")),
                List.of(container.path("image").asText()),
                runsToItsEnd ? command : List.of(),
                Duration.ofSeconds(spec.path("terminationGracePeriodSeconds").asInt(30)),
                hasEmptyDir(spec.path("volumes")),
                tolerates(spec.path("tolerations")),
                spec.path("nodeName").asText(""),
                map(spec.path("nodeSelector")),
                map(pod.at("/metadata/annotations")));
    }

    private static boolean hasEmptyDir(JsonNode volumes) {
        for (JsonNode volume : volumes) {
            if (volume.has("emptyDir")) {
                return true;
            }
        }
        return false;
    }

    private static boolean tolerates(JsonNode tolerations) {
        for (JsonNode toleration : tolerations) {
            String key = toleration.path("key").asText("");
            if (key.isEmpty() || key.equals("node-role.kubernetes.io/control-plane")) {
                return true;
            }
        }
        return false;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static Map<String, String> map(JsonNode object) {
        Map<String, String> map = new TreeMap<>();
        object.properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
        return map;
    }
}
