package dev.belay.twin.kube;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Objects applied and deleted as YAML. Namespaces, Pods, Deployments, PodDisruptionBudgets and ConfigMaps live; of every other kind only its
 * being there is kept. A workload that is there and is given no containers gets the annotations of its pods, as in a restart.
 */
public final class Manifests {

    private final Api api;
    private final Set<String> others = new TreeSet<>();

    public Manifests(Api api) {
        this.api = api;
    }

    Set<String> others() {
        return others;
    }

    /** Kind, namespace and name of each object of which only its being there is kept. */
    public List<String> keys() {
        return List.copyOf(others);
    }

    /** The objects of a stream in short, such as {@code Pod/probe}. */
    public static String names(String stream) {
        return Manifest.read(stream).stream()
                .map(object -> object.kind() + "/" + object.name())
                .collect(Collectors.joining(" "));
    }

    /** Creates or replaces each; says whether anything was created. */
    public boolean apply(String stream) {
        boolean created = false;
        for (Manifest object : Manifest.read(stream)) {
            if (object.isNamespaced() && !api.namespaces().contains(object.namespace())) {
                throw new Refused("404 namespaces \"" + object.namespace() + "\" not found");
            }
            created |= !isThere(object);
            put(object);
            api.wrote();
        }
        return created;
    }

    /** Begins the end of what is there; says whether anything was. */
    public boolean delete(String stream) {
        boolean any = false;
        for (Manifest object : Manifest.read(stream)) {
            if (isThere(object)) {
                any = true;
                end(object);
                api.wrote();
            }
        }
        return any;
    }

    /** Those of the objects that are still there, in short. */
    public List<String> left(String stream) {
        return Manifest.read(stream).stream()
                .filter(this::isThere)
                .map(object -> object.kind() + " " + object.name())
                .toList();
    }

    private void put(Manifest object) {
        Optional<Owner> owner = api.owner(object.key());
        if (owner.isPresent() && !object.hasContainers()) {
            api.annotate(owner.get(), object.podTemplate().annotations());
            return;
        }
        switch (object.kind()) {
            case "Namespace" -> api.namespaces().add(object.name());
            case "Pod" -> {
                if (!isThere(object)) {
                    api.pods().create(object.namespace(), object.name(), object.pod(), null);
                }
            }
            case "Deployment" -> {
                object.requireWhole();
                api.put(
                        Owner.Kind.DEPLOYMENT,
                        object.namespace(),
                        object.name(),
                        object.replicas(),
                        object.podTemplate());
            }
            case "PodDisruptionBudget" -> api.budgets().put(object.budget());
            case "ConfigMap" -> api.putConfigMap(object.namespace(), object.name(), object.data());
            case "StorageClass" -> api.setStorageClass(object.name());
            default -> others.add(object.key());
        }
    }

    private void end(Manifest object) {
        switch (object.kind()) {
            case "Namespace" -> endNamespace(object.name());
            case "Pod" -> api.pods().find(object.namespace(), object.name()).ifPresent(api.pods()::terminate);
            case "Deployment" -> api.removeOwner(object.key());
            case "PodDisruptionBudget" -> api.budgets().remove(object.namespace(), object.name());
            case "ConfigMap" -> api.removeConfigMap(object.namespace(), object.name());
            case "StorageClass" -> api.setStorageClass("");
            default -> others.remove(object.key());
        }
    }

    private void endNamespace(String name) {
        api.endNamespace(name);
        others.removeIf(key -> key.contains("/" + name + "/"));
    }

    private boolean isThere(Manifest object) {
        return switch (object.kind()) {
            case "Namespace" -> api.hasNamespace(object.name());
            case "Pod" -> api.pods().find(object.namespace(), object.name()).isPresent();
            case "Deployment" -> api.owner(object.key()).isPresent();
            case "PodDisruptionBudget" -> api.budgets().has(object.namespace(), object.name());
            case "ConfigMap" -> api.configMap(object.namespace(), object.name()).isPresent();
            case "StorageClass" ->
                api.storageClass().filter(object.name()::equals).isPresent();
            default -> others.contains(object.key());
        };
    }
}
