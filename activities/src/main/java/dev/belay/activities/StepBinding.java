package dev.belay.activities;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import dev.belay.model.runbook.Durations;
import dev.belay.model.runbook.ValueType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns a step's {@code with}, references resolved, into its input record, and its output record into what later steps see. All problems
 * are reported at once.
 */
public final class StepBinding {

    private StepBinding() {}

    /** The input record; PERMANENT/BAD_INPUT names everything that is wrong. */
    public static <I extends Record> I input(Class<I> type, Map<String, Object> with) {
        List<String> problems = problems(type, with);
        if (!problems.isEmpty()) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "BAD_INPUT",
                    String.join("; ", problems),
                    "correct the step's `with` in the runbook and start a new run");
        }
        return construct(type, with);
    }

    /** What is wrong with literal inputs of a step type, one sentence each; empty when nothing is. */
    public static List<String> problems(Class<? extends Record> type, Map<String, Object> with) {
        List<String> problems = new ArrayList<>();
        Set<String> unknown = new TreeSet<>(with.keySet());
        for (RecordComponent component : type.getRecordComponents()) {
            unknown.remove(component.getName());
            problem(component, with.get(component.getName()), problems);
        }
        for (String name : unknown) {
            problems.add("\"" + name + "\" is not an input; there are: " + names(type));
        }
        return problems;
    }

    /** The output as later steps, the history and the report see it: numbers, booleans, texts and lists of texts. */
    public static Map<String, Object> output(Record output) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : output.getClass().getRecordComponents()) {
            Object value = read(component, output);
            if (value != null) {
                values.put(component.getName(), plain(value));
            }
        }
        return values;
    }

    /** The output record again, for an undo; null when it cannot be made of what is there, as with an older release's output. */
    static <O extends Record> @Nullable O restore(Class<O> type, @Nullable Map<String, Object> output) {
        if (output == null || !problems(type, output).isEmpty()) {
            return null;
        }
        return construct(type, output);
    }

    private static void problem(RecordComponent component, @Nullable Object value, List<String> problems) {
        String name = component.getName();
        if (value == null) {
            if (!StepSignatures.isOptional(component)) {
                problems.add("\"" + name + "\" is missing: "
                        + StepSignatures.docOf(component).value());
            }
            return;
        }
        ValueType type = StepSignatures.typeOf(component);
        if (convert(component, value) == null) {
            problems.add("\"" + name + "\" should be " + type.looks() + ", not " + shown(value));
            return;
        }
        List<String> allowed = Arrays.asList(StepSignatures.docOf(component).oneOf());
        if (!allowed.isEmpty() && !allowed.containsAll(texts(value))) {
            problems.add("\"" + name + "\" can be " + String.join(", ", allowed) + ", not " + shown(value));
        }
    }

    private static <R extends Record> R construct(Class<R> type, Map<String, Object> values) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        @Nullable
        Object[] arguments = Arrays.stream(components)
                .map(component -> argument(component, values.get(component.getName())))
                .toArray(Object[]::new);
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "BAD_INPUT",
                    String.valueOf(e.getCause()),
                    "correct the step's `with` in the runbook and start a new run");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private static @Nullable Object argument(RecordComponent component, @Nullable Object value) {
        if (value != null) {
            return convert(component, value);
        }
        String text = StepSignatures.docOf(component).byDefault();
        if (text.isEmpty()) {
            return null;
        }
        return convert(component, StepSignatures.typeOf(component).parse(text));
    }

    private static @Nullable Object convert(RecordComponent component, Object value) {
        Class<?> type = component.getType();
        return switch (StepSignatures.typeOf(component)) {
            case STRING -> value instanceof String text ? (type == NodeName.class ? name(text) : text) : null;
            case INTEGER -> value instanceof Number number ? integer(type, number) : null;
            case BOOLEAN -> value instanceof Boolean ? value : null;
            case DURATION -> duration(value);
            case KUBERNETES_VERSION ->
                KubernetesVersion.tryParse(String.valueOf(value)).orElse(null);
            case STRINGS -> strings(value);
        };
    }

    private static @Nullable NodeName name(String text) {
        return NodeName.isValid(text) ? new NodeName(text) : null;
    }

    private static @Nullable Object integer(Class<?> type, Number number) {
        long value = number.longValue();
        if (number.doubleValue() != value) {
            return null;
        }
        if (type == int.class) {
            return value == (int) value ? (Object) (int) value : null;
        }
        return value;
    }

    private static @Nullable Object duration(Object value) {
        return value instanceof Duration
                ? value
                : Durations.tryParse(String.valueOf(value)).orElse(null);
    }

    private static @Nullable Object strings(Object value) {
        if (!(value instanceof Collection<?> many)) {
            return null;
        }
        return many.stream().allMatch(String.class::isInstance) ? texts(value) : null;
    }

    private static List<String> texts(Object value) {
        return value instanceof Collection<?> many
                ? many.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(value));
    }

    private static Object plain(Object value) {
        if (value instanceof Duration duration) {
            return Durations.format(duration);
        }
        if (value instanceof Integer number) {
            return number.longValue();
        }
        return value instanceof KubernetesVersion || value instanceof NodeName ? value.toString() : value;
    }

    private static @Nullable Object read(RecordComponent component, Record record) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    private static String shown(Object value) {
        String text = String.valueOf(value);
        return text.length() <= 60 ? "\"" + text + "\"" : "\"" + text.substring(0, 60) + "…\"";
    }

    private static String names(Class<? extends Record> type) {
        String names = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }
}
