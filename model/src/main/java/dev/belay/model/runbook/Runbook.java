package dev.belay.model.runbook;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A versioned runbook, parsed and checked.
 *
 * @param version semantic version
 * @param purpose upgrade where nothing is written, so that the digest of an upgrade is what it was before there were others
 * @param timeout default for one attempt of a step; null leaves it to the step type
 * @param attempts default automatic attempts
 */
public record Runbook(
        String name,
        String version,
        String description,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = Purpose.Usual.class)
        Purpose purpose,

        Map<String, InputSpec> inputs,
        @Nullable Duration timeout,
        int attempts,
        OnFailure onFailure,
        List<Step> prep,
        List<Step> controlPlane,
        List<Step> workers,
        List<Step> verify) {

    public Runbook {
        purpose = purpose == null ? Purpose.UPGRADE : purpose;
        inputs = new TreeMap<>(inputs);
        prep = List.copyOf(prep);
        controlPlane = List.copyOf(controlPlane);
        workers = List.copyOf(workers);
        verify = List.copyOf(verify);
    }

    /** Values of inputs, given as text, in their own types: what expressions see. A name that is not an input's is left out. */
    public Map<String, Object> values(Map<String, String> texts) {
        Map<String, Object> values = new TreeMap<>();
        inputs.forEach((name, spec) -> {
            String text = texts.get(name);
            if (text != null) {
                values.put(name, spec.type().parse(text));
            }
        });
        return values;
    }

    /** The step types it uses, by name, each once. */
    public List<String> uses() {
        return Stream.of(Phase.values())
                .flatMap(phase -> phase(phase).stream())
                .flatMap(step -> step instanceof GroupStep group ? group.steps().stream() : Stream.of(step))
                .filter(TypedStep.class::isInstance)
                .map(step -> ((TypedStep) step).uses())
                .distinct()
                .sorted()
                .toList();
    }

    public List<Step> phase(Phase phase) {
        return switch (phase) {
            case PREP -> prep;
            case CONTROL_PLANE -> controlPlane;
            case WORKERS -> workers;
            case VERIFY -> verify;
        };
    }
}
