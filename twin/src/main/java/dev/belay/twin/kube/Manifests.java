package dev.belay.twin.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Objects applied and deleted as YAML. Namespaces, Pods and Deployments live; a PersistentVolumeClaim is bound where there is a StorageClass;
 * of every other kind only its being there is kept.
 */
public final class Manifests {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    private static final Set<String> CLUSTER_SCOPED = Set.of("Namespace", "PersistentVolume", "StorageClass", "Node");

    private final Api api;
    private final Set<String> others = new TreeSet<>();

    public Manifests(Api api) {
        this.api = api;
    }

    /** Creates what is not there; says whether anything was. */
    public boolean apply(String stream) {
        boolean changed = false;
        for (JsonNode object : objects(stream)) {
            changed |= applyOne(object);
        }
        return changed;
    }

    /** Begins the end of what is there; says whether anything was. */
    public boolean delete(String stream) {
        boolean changed = false;
        for (JsonNode object : objects(stream)) {
            changed |= deleteOne(object);
        }
        return changed;
    }

    /** Says whether any of the objects is still there. */
    public boolean anyLeft(String stream) {
        return objects(stream).stream().anyMatch(this::isThere);
    }

    /** The objects of a stream in short, such as {@code Pod/belay-probe}. */
    public String names(String stream) {
        return objects(stream).stream()
                .map(object -> object.path("kind").asText() + "/" + name(object))
                .collect(Collectors.joining(" "));
    }

    private boolean applyOne(JsonNode object) {
        String kind = object.path("kind").asText();
        String namespace = namespace(object);
        if (!CLUSTER_SCOPED.contains(kind) && !api.namespaces().contains(namespace)) {
            throw new Refused("namespaces \"" + namespace + "\" not found");
        }
        if (isThere(object)) {
            return false;
        }
        create(kind, namespace, name(object), object);
        api.wrote();
        return true;
    }

    private void create(String kind, String namespace, String name, JsonNode object) {
        switch (kind) {
            case "Namespace" -> api.namespaces().add(name);
            case "Pod" -> api.pods().create(namespace, name, template(object), null);
            case "Deployment" ->
                api.add(
                        Owner.Kind.DEPLOYMENT,
                        namespace,
                        name,
                        object.at("/spec/replicas").asInt(1),
                        template(object.at("/spec/template")));
            case "StorageClass" -> api.setStorageClass(name);
            default -> others.add(kind + "/" + namespace + "/" + name);
        }
    }

    private boolean deleteOne(JsonNode object) {
        if (!isThere(object)) {
            return false;
        }
        String namespace = namespace(object);
        String name = name(object);
        switch (object.path("kind").asText()) {
            case "Namespace" -> deleteNamespace(name);
            case "Pod" -> api.pods().find(namespace, name).ifPresent(api.pods()::terminate);
            case "Deployment" -> deleteOwner("Deployment/" + namespace + "/" + name);
            case "StorageClass" -> api.setStorageClass("");
            default -> others.remove(object.path("kind").asText() + "/" + namespace + "/" + name);
        }
        api.wrote();
        return true;
    }

    private void deleteNamespace(String name) {
        List.copyOf(api.owners().keySet()).stream()
                .filter(key -> key.contains("/" + name + "/"))
                .forEach(this::deleteOwner);
        List.copyOf(api.pods().all()).stream()
                .filter(pod -> pod.namespace().equals(name))
                .forEach(api.pods()::terminate);
        others.removeIf(key -> key.contains("/" + name + "/"));
        api.namespaces().remove(name);
    }

    private void deleteOwner(String key) {
        Owner owner = api.owners().remove(key);
        if (owner != null) {
            owner.scale(0);
            List.copyOf(owner.pods()).forEach(api.pods()::terminate);
        }
    }

    private boolean isThere(JsonNode object) {
        String namespace = namespace(object);
        String name = name(object);
        return switch (object.path("kind").asText()) {
            case "Namespace" ->
                api.namespaces().contains(name)
                        || api.pods().all().stream()
                                .anyMatch(pod -> pod.namespace().equals(name));
            case "Pod" -> api.pods().find(namespace, name).isPresent();
            case "Deployment" -> api.owners().containsKey("Deployment/" + namespace + "/" + name);
            case "StorageClass" -> api.storageClass().filter(name::equals).isPresent();
            default -> others.contains(object.path("kind").asText() + "/" + namespace + "/" + name);
        };
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
                java.time.Duration.ofSeconds(
                        spec.path("terminationGracePeriodSeconds").asInt(30)),
                false,
                tolerates(spec.path("tolerations")),
                spec.path("nodeName").asText(""),
                map(spec.path("nodeSelector")));
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

    private static List<JsonNode> objects(String stream) {
        List<JsonNode> objects = new ArrayList<>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(stream)) {
            while (documents.hasNextValue()) {
                JsonNode object = documents.nextValue();
                if (object != null && object.isObject()) {
                    check(object);
                    objects.add(object);
                }
            }
        } catch (JsonProcessingException broken) {
            throw new Refused("error converting YAML to JSON: " + broken.getOriginalMessage());
        } catch (IOException impossible) {
            throw new IllegalStateException("text cannot fail to be read", impossible);
        }
        return objects;
    }

    private static void check(JsonNode object) {
        if (object.path("kind").asText("").isEmpty()
                || object.path("apiVersion").asText("").isEmpty()) {
            throw new Refused("Object 'Kind' is missing in '" + object + "'");
        }
        if (!NAME.matcher(name(object)).matches()) {
            throw new Refused(object.path("kind").asText() + " \"" + name(object)
                    + "\" is invalid: metadata.name: Invalid value: a lowercase RFC 1123 subdomain must consist of lower"
                    + " case alphanumeric characters, '-' or '.'");
        }
    }

    private static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    private static String namespace(JsonNode object) {
        return CLUSTER_SCOPED.contains(object.path("kind").asText())
                ? ""
                : object.at("/metadata/namespace").asText("default");
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static Map<String, String> map(JsonNode object) {
        Map<String, String> map = new LinkedHashMap<>();
        object.properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
        return new TreeMap<>(map);
    }
}
