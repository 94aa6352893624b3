package dev.belay.model.runbook;

import dev.belay.model.document.YamlScalar;
import dev.belay.model.document.YamlScalar.Kind;

/** Which scalars can be values of which type. */
final class Literals {

    private Literals() {}

    static boolean hasKindOf(ValueType type, YamlScalar scalar) {
        return switch (type) {
            case INTEGER -> scalar.kind() == Kind.INTEGER;
            case BOOLEAN -> scalar.kind() == Kind.BOOLEAN;
            case STRING, DURATION, KUBERNETES_VERSION, STRINGS -> scalar.isText();
        };
    }

    /** A duration of nothing, which is always a slip. */
    static boolean isNoTime(ValueType type, String text) {
        return type == ValueType.DURATION
                && Durations.tryParse(text)
                        .filter(duration -> duration.isZero())
                        .isPresent();
    }

    /** A scalar as JSON would hold it. */
    static Object value(YamlScalar scalar) {
        if (scalar.kind() == Kind.BOOLEAN) {
            return Boolean.valueOf(scalar.text());
        }
        if (scalar.kind() == Kind.INTEGER) {
            long number = Long.parseLong(scalar.text());
            return number == (int) number ? (Object) (int) number : (Object) number;
        }
        return scalar.text();
    }
}
