package dev.belay.model.plan;

import dev.belay.model.inventory.Reference;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a value of any record of the model.
 *
 * @param withNulls what may be null, is
 */
record Samples(boolean withNulls) {

    private static final Map<Type, Object> SIMPLE = Map.ofEntries(
            Map.entry(String.class, "text \" and ü"),
            Map.entry(Object.class, "anything"),
            Map.entry(int.class, 3),
            Map.entry(Integer.class, 4),
            Map.entry(long.class, 5L),
            Map.entry(boolean.class, true),
            Map.entry(Duration.class, Duration.ofSeconds(90)),
            Map.entry(Instant.class, Instant.parse("2026-01-02T03:04:05.678901Z")),
            Map.entry(KubernetesVersion.class, KubernetesVersion.parse("v1.34.4")),
            Map.entry(NodeName.class, new NodeName("cp1")),
            Map.entry(Reference.class, new Reference("file:/a")));

    Object of(Type type) {
        if (SIMPLE.containsKey(type)) {
            return SIMPLE.get(type);
        }
        if (type instanceof ParameterizedType generic) {
            return generic.getRawType() == List.class
                    ? List.copyOf(each(generic.getActualTypeArguments()[0]))
                    : Map.of("key", of(generic.getActualTypeArguments()[1]));
        }
        return each(type).get(0);
    }

    /** One value of each kind there is: constants of an enum, classes of a sealed interface. */
    List<Object> each(Type type) {
        if (type instanceof Class<?> known && known.isEnum()) {
            return List.of(known.getEnumConstants());
        }
        if (type instanceof Class<?> known && known.isSealed()) {
            return Arrays.stream(known.getPermittedSubclasses()).map(this::of).toList();
        }
        return type instanceof Class<?> known && known.isRecord() && !SIMPLE.containsKey(type)
                ? List.of(record(known))
                : List.of(of(type));
    }

    private Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = Arrays.stream(components).map(this::component).toArray();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no sample of " + type, e);
        }
    }

    private @Nullable Object component(RecordComponent component) {
        boolean mayBeNull = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        if (mayBeNull && withNulls) {
            return null;
        }
        // A step within a group would make groups without end.
        boolean steps = component.getGenericType().getTypeName().equals("java.util.List<dev.belay.model.runbook.Step>");
        return steps && component.getDeclaringRecord().getSimpleName().equals("GroupStep")
                ? List.of()
                : of(component.getGenericType());
    }
}
