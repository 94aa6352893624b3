package dev.belay.model.runbook;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.belay.model.kubernetes.KubernetesVersion;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Types of inputs, of a step type's fields and of what expressions see. The text is what a runbook writes. */
public enum ValueType {
    STRING("string", "text"),
    INTEGER("integer", "a whole number such as 3"),
    BOOLEAN("boolean", "true or false"),
    /** {@code 90s}, {@code 5m}, {@code 1h30m}; a string to expressions. */
    DURATION("duration", "a duration such as 90s, 5m or 1h30m"),
    KUBERNETES_VERSION("kubernetesVersion", "a version such as v1.34.4"),
    STRINGS("strings", "a list of texts");

    private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,15}");

    private final String text;
    private final String looks;

    ValueType(String text, String looks) {
        this.text = text;
        this.looks = looks;
    }

    @JsonValue
    public String text() {
        return text;
    }

    /** What a value of this type looks like, for messages: {@code a duration such as 90s, 5m or 1h30m}. */
    public String looks() {
        return looks;
    }

    /**
     * A value given as text, as {@code --set} gives it: a Long, a Boolean, a list of texts separated by commas, or a text in its usual
     * form.
     *
     * @throws IllegalArgumentException when the text is not of this type
     */
    public Object parse(String value) {
        return tryParse(value).orElseThrow(() -> new IllegalArgumentException("\"" + value + "\" is not " + looks));
    }

    /** Empty when the text is not of this type. */
    public Optional<Object> tryParse(String value) {
        return switch (this) {
            case STRING -> Optional.of(value);
            case INTEGER -> DIGITS.matcher(value).matches() ? Optional.of(Long.valueOf(value)) : Optional.empty();
            case BOOLEAN ->
                value.equals("true") || value.equals("false") ? Optional.of(Boolean.valueOf(value)) : Optional.empty();
            case DURATION -> Durations.tryParse(value).map(Durations::format);
            case KUBERNETES_VERSION -> KubernetesVersion.tryParse(value).map(KubernetesVersion::toString);
            case STRINGS -> Optional.of(Arrays.asList(value.split(",", -1)));
        };
    }
}
