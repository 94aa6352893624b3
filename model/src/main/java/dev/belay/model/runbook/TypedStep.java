package dev.belay.model.runbook;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step of the catalogue.
 *
 * @param uses its type, for example {@code node.drain}
 * @param with inputs as written: literals, or text with {@code ${{ }}} references
 * @param timeout for one attempt; null takes the runbook's default, then the step type's
 * @param attempts automatic attempts before the run parks; null takes the runbook's default
 */
public record TypedStep(
        String id,
        List<String> needs,
        @Nullable String when,
        String uses,
        Map<String, Object> with,
        @Nullable Duration timeout,
        @Nullable Integer attempts,
        OnFailure onFailure)
        implements Step {

    public TypedStep {
        needs = List.copyOf(needs);
        with = new LinkedHashMap<>(with);
    }
}
