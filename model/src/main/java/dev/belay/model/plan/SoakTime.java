package dev.belay.model.plan;

import dev.belay.model.runbook.Durations;
import dev.belay.model.runbook.SoakStep;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a soak lasts, as far as that is known before the run: written out, or an input. Anything else counts as no time. */
final class SoakTime {
    private static final Pattern INPUT = Pattern.compile("\\$\\{\\{\\s*inputs\\.([A-Za-z0-9_]+)\\s*}}");

    private SoakTime() {}

    static Duration of(SoakStep soak, Map<String, String> inputs) {
        Matcher input = INPUT.matcher(soak.duration().trim());
        String text = input.matches() ? inputs.getOrDefault(input.group(1), "") : soak.duration();
        return Durations.tryParse(text.trim()).orElse(Duration.ZERO);
    }
}
