package dev.belay.activities.steps.backup;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.activities.steps.EvidencePath;
import dev.belay.model.plan.Json;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ConfigMaps of kube-system as {@link BackupFiles} kept them. */
public record KeptConfigMaps(Map<String, Map<String, String>> data) {

    private static final TypeReference<Map<String, Map<String, String>>> SHAPE = new TypeReference<>() {};

    public static KeptConfigMaps of(StepContext context) {
        String path = EvidencePath.of(context, "configmaps.json");
        return context.evidence()
                .read(path)
                .map(json -> parse(path, json))
                .orElseThrow(
                        () -> missing(path, "is not in " + context.evidence().location()));
    }

    /** Puts those of these names back that were kept. */
    public void putBack(KubeCluster kube, List<String> names) {
        for (String name : names) {
            Map<String, String> kept = data.get(name);
            if (kept != null) {
                kube.apply(manifest(name, kept));
            }
        }
    }

    private static String manifest(String name, Map<String, String> data) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("apiVersion", "v1");
        object.put("kind", "ConfigMap");
        object.put("metadata", Map.of("name", name, "namespace", "kube-system"));
        object.put("data", data);
        return Json.mapper().valueToTree(object).toString();
    }

    private static KeptConfigMaps parse(String path, byte[] json) {
        try {
            return new KeptConfigMaps(Json.mapper().readValue(json, SHAPE));
        } catch (IOException e) {
            throw missing(path, "cannot be read: " + e.getMessage());
        }
    }

    private static StepFailure missing(String path, String why) {
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "BACKUP_MISSING",
                path + " " + why,
                "find the backup store that the run wrote to, or the copy of it");
    }
}
