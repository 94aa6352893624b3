package dev.belay.activities.steps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.belay.activities.StepContext;
import dev.belay.activities.kube.Workload;
import dev.belay.model.plan.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Workloads that were not available before the hop. Written down once per hop beside the backups: what was broken before is nobody's
 * fault after.
 */
public record Baseline(List<String> unavailable) {

    public Baseline {
        unavailable = List.copyOf(unavailable);
    }

    /** The hop's baseline; taken now when there is none yet. */
    public static Baseline of(StepContext context) {
        Optional<Baseline> known = known(context);
        if (known.isPresent()) {
            return known.get();
        }
        Baseline now = new Baseline(context.kube().workloads().stream()
                .filter(workload -> !workload.available())
                .map(Workload::toString)
                .toList());
        byte[] json = json(now.unavailable());
        context.evidence().store(path(context), sink -> sink.write(json));
        return now;
    }

    /** The hop's baseline, if one was taken. */
    public static Optional<Baseline> known(StepContext context) {
        return context.evidence().read(path(context)).map(Baseline::parse);
    }

    /** Workloads that are not available now though they were before, one phrase each. */
    public static List<String> missing(StepContext context) {
        List<String> before = known(context).map(Baseline::unavailable).orElse(List.of());
        return context.kube().workloads().stream()
                .filter(workload -> !workload.available() && !before.contains(workload.toString()))
                .map(workload -> workload + " has " + workload.ready() + " of " + workload.desired() + " ready, "
                        + workload.updated() + " updated")
                .toList();
    }

    private static Baseline parse(byte[] json) {
        try {
            return new Baseline(Json.mapper().readValue(json, new TypeReference<List<String>>() {}));
        } catch (IOException e) {
            throw new IllegalStateException("the baseline beside the backups cannot be read", e);
        }
    }

    private static byte[] json(List<String> names) {
        try {
            return Json.mapper().writeValueAsBytes(names);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String path(StepContext context) {
        return EvidencePath.of(context, "workloads-before.json");
    }
}
