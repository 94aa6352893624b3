package dev.belay.model.expression;

import dev.cel.common.values.NullValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Between values of JSON and values of CEL: whole numbers are longs there, and null is an object. */
final class Values {

    private Values() {}

    static Object toCel(@Nullable Object value) {
        if (value == null) {
            return NullValue.NULL_VALUE;
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof Float number) {
            return number.doubleValue();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Values::toCel).collect(Collectors.toList());
        }
        return value instanceof Map<?, ?> map ? map(map) : value;
    }

    /** A value as plain JSON: text, Long, Double, Boolean, list or map. Anything else (bytes, types) has no form in a runbook. */
    static Object fromCel(Object value) {
        if (value instanceof String || value instanceof Long || value instanceof Double || value instanceof Boolean) {
            return value;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Values::fromCel).collect(Collectors.toList());
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, element) -> copy.put(String.valueOf(key), fromCel(element)));
            return copy;
        }
        throw new IllegalArgumentException("has a value that is neither text, number, true, false nor a list");
    }

    private static Map<String, Object> map(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), toCel(value)));
        return copy;
    }
}
