package dev.belay.activities.steps.packages;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.belay.activities.StepContext;
import dev.belay.activities.steps.EvidencePath;
import dev.belay.model.plan.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a step found a node's packages, written down before it changes them. It lies in the backup store and not in the run's history: an
 * apt source may carry a password.
 *
 * @param source content of the apt source file; null when there was none
 * @param held packages that were held
 * @param versions installed, by package
 */
record PackagesBefore(@Nullable String source, List<String> held, Map<String, String> versions) {

    PackagesBefore {
        held = List.copyOf(held);
        versions = new TreeMap<>(versions);
    }

    static Optional<PackagesBefore> known(StepContext context) {
        return context.evidence().read(path(context)).map(PackagesBefore::parse);
    }

    void keep(StepContext context) {
        try {
            byte[] json = Json.mapper().writeValueAsBytes(this);
            context.evidence().store(path(context), sink -> sink.write(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PackagesBefore parse(byte[] json) {
        try {
            return Json.mapper().readValue(json, PackagesBefore.class);
        } catch (IOException e) {
            throw new IllegalStateException("what was found before cannot be read from the backup store", e);
        }
    }

    private static String path(StepContext context) {
        return EvidencePath.of(
                context,
                "packages/" + EvidencePath.part(context.node()) + "/"
                        + context.call().origin() + ".json");
    }
}
