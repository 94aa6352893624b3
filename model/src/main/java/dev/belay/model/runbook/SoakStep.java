package dev.belay.model.runbook;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets time pass.
 *
 * @param duration as written: {@code 5m}, or a {@code ${{ }}} reference to an input of type duration
 */
public record SoakStep(
        String id, List<String> needs, @Nullable String when, String duration) implements Step {

    public SoakStep {
        needs = List.copyOf(needs);
    }
}
