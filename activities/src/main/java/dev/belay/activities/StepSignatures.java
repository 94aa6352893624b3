package dev.belay.activities;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.runbook.StepSignature;
import dev.belay.model.runbook.StepSignature.Field;
import dev.belay.model.runbook.ValueType;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Derives what the engine and the linter know of a step type from its records, so that nobody writes it twice. */
public final class StepSignatures {

    private static final Map<Class<?>, ValueType> TYPES = Map.of(
            String.class, ValueType.STRING,
            NodeName.class, ValueType.STRING,
            int.class, ValueType.INTEGER,
            long.class, ValueType.INTEGER,
            boolean.class, ValueType.BOOLEAN,
            Duration.class, ValueType.DURATION,
            KubernetesVersion.class, ValueType.KUBERNETES_VERSION,
            List.class, ValueType.STRINGS);

    private StepSignatures() {}

    public static StepSignature of(StepType<?, ?> type) {
        return new StepSignature(
                type.name(),
                type.summary(),
                type.perNode(),
                !type.action().isEmpty(),
                type instanceof Undoable,
                type instanceof Reversible,
                type.action(),
                type.timeout(),
                type.estimate(),
                fields(type.input()),
                fields(type.output()));
    }

    static ValueType typeOf(RecordComponent component) {
        ValueType type = TYPES.get(component.getType());
        if (type == null) {
            throw new IllegalStateException(component.getDeclaringRecord().getName() + "." + component.getName()
                    + " has a type that no runbook can write: " + component.getType());
        }
        return type;
    }

    static Doc docOf(RecordComponent component) {
        Doc doc = component.getAnnotation(Doc.class);
        if (doc == null) {
            throw new IllegalStateException(
                    component.getDeclaringRecord().getName() + "." + component.getName() + " has no @Doc");
        }
        return doc;
    }

    static boolean isOptional(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                || !docOf(component).byDefault().isEmpty();
    }

    private static Map<String, Field> fields(Class<? extends Record> record) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (RecordComponent component : record.getRecordComponents()) {
            fields.put(component.getName(), field(component));
        }
        return fields;
    }

    private static Field field(RecordComponent component) {
        Doc doc = docOf(component);
        String description =
                doc.byDefault().isEmpty() ? doc.value() : doc.value() + " (default " + doc.byDefault() + ")";
        return new Field(typeOf(component), !isOptional(component), description, Arrays.asList(doc.oneOf()));
    }
}
