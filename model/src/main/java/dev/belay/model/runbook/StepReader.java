package dev.belay.model.runbook;

import dev.belay.model.document.Fields;
import dev.belay.model.document.Position;
import dev.belay.model.document.Problems;
import dev.belay.model.document.Shape;
import dev.belay.model.document.Spelling;
import dev.belay.model.document.Yaml;
import dev.belay.model.document.YamlMap;
import dev.belay.model.document.YamlScalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads lists of steps: tells the kinds apart, and compares each with the table of its kind. */
final class StepReader {

    private final Problems problems;
    private final Map<String, StepSignature> signatures;
    private final OnFailure byDefault;

    StepReader(Problems problems, Map<String, StepSignature> signatures, OnFailure byDefault) {
        this.problems = problems;
        this.signatures = signatures;
        this.byDefault = byDefault;
    }

    /** Steps of a phase. */
    List<Draft> hopSteps(List<Yaml> elements) {
        return steps(elements, false);
    }

    static Optional<OnFailure> onFailure(Fields fields) {
        return fields.text("onFailure").flatMap(text -> Arrays.stream(OnFailure.values())
                .filter(value -> value.text().equals(text))
                .findFirst());
    }

    static Optional<Integer> attempts(Fields fields, Problems problems) {
        return fields.map("retry")
                .map(map -> Fields.read(map, RunbookShapes.RETRY, problems))
                .flatMap(retry -> retry.whole("attempts"));
    }

    private List<Draft> steps(List<Yaml> elements, boolean inGroup) {
        List<Draft> drafts = new ArrayList<>();
        for (Yaml element : elements) {
            if (element instanceof YamlMap map) {
                drafts.add(step(map, inGroup));
            } else if (!(element instanceof YamlScalar scalar) || scalar.kind() != YamlScalar.Kind.REFUSED) {
                problems.add(element.at(), "type", "a step is an object with an id, not " + element.shown());
            }
        }
        return drafts;
    }

    private Draft step(YamlMap map, boolean inGroup) {
        if (map.find("uses").isPresent()) {
            return typed(Fields.read(map, RunbookShapes.TYPED, problems), inGroup);
        }
        if (map.find("forEach").isPresent() || map.find("steps").isPresent()) {
            return group(Fields.read(map, RunbookShapes.GROUP, problems), inGroup);
        }
        if (map.find("approve").isPresent()) {
            return approval(Fields.read(map, RunbookShapes.APPROVAL, problems), inGroup);
        }
        if (map.find("soak").isPresent()) {
            return soak(Fields.read(map, RunbookShapes.SOAK, problems));
        }
        problems.add(map.at(), "missing-key", "a step must have one of uses, forEach, approve and soak");
        return soak(Fields.read(map, RunbookShapes.ANY, problems));
    }

    private Draft typed(Fields fields, boolean inGroup) {
        Optional<StepSignature> signature = fields.scalar("uses").flatMap(uses -> signature(uses, inGroup));
        Map<String, Object> with =
                fields.map().find("with").isPresent() && fields.map("with").isEmpty()
                        ? Map.of()
                        : new WithReader(problems).with(fields, signature);
        TypedStep step = new TypedStep(
                id(fields),
                needs(fields),
                when(fields),
                fields.text("uses").orElse(""),
                with,
                fields.time("timeout").orElse(null),
                attempts(fields, problems).orElse(null),
                onFailure(fields).orElse(byDefault));
        return new Draft(step, fields, signature, List.of());
    }

    private Optional<StepSignature> signature(YamlScalar uses, boolean inGroup) {
        StepSignature signature = signatures.get(uses.text());
        if (signature == null) {
            String hint = Spelling.hint(uses.text(), signatures.keySet());
            String message = "there is no step type \"" + uses.text() + "\"" + hint + "; \"belay steps\" lists them";
            problems.add(uses.at(), "unknown-step-type", message);
            return Optional.empty();
        }
        if (signature.perNode() && !inGroup) {
            String message = "\"" + uses.text() + "\" runs for one node and must stand in a group (forEach)";
            problems.add(uses.at(), "outside-group", message);
        }
        if (!signature.perNode() && inGroup) {
            String message = "\"" + uses.text() + "\" runs once for the cluster and cannot stand in a group (forEach)";
            problems.add(uses.at(), "inside-group", message);
        }
        return Optional.of(signature);
    }

    private Draft group(Fields fields, boolean inGroup) {
        if (inGroup) {
            problems.add(fields.map().at(), "inside-group", "a group cannot stand in a group");
        }
        List<Draft> inner = steps(fields.elements("steps"), true);
        if (inner.isEmpty() && fields.has("steps")) {
            problems.add(fields.at("steps"), "no-steps", "a group must have a step");
        }
        ForEach forEach = fields.map("forEach")
                .map(map -> new ForEachReader(problems).forEach(map))
                .orElse(ForEachReader.STAND_IN);
        Step step = new GroupStep(id(fields), needs(fields), when(fields), forEach, Draft.steps(inner));
        return new Draft(step, fields, Optional.empty(), inner);
    }

    private Draft approval(Fields fields, boolean inGroup) {
        if (inGroup) {
            problems.add(
                    fields.keyAt("approve"),
                    "inside-group",
                    "an approval is for the cluster and cannot stand in a group");
        }
        Optional<Fields> approve = nested(fields, "approve", RunbookShapes.APPROVE);
        Step step = new ApprovalStep(
                id(fields),
                needs(fields),
                when(fields),
                approve.flatMap(found -> found.text("reason")).orElse(""),
                approve.flatMap(found -> found.whole("min")).orElse(1),
                approve.stream()
                        .flatMap(found -> found.texts("by").stream())
                        .map(YamlScalar::text)
                        .toList(),
                approve.flatMap(found -> found.flag("notAuthor")).orElse(false),
                approve.flatMap(found -> found.time("expires")).orElse(Duration.ofHours(24)));
        return new Draft(step, fields, Optional.empty(), List.of());
    }

    private Draft soak(Fields fields) {
        Step step = new SoakStep(
                id(fields), needs(fields), when(fields), fields.text("soak").orElse(""));
        return new Draft(step, fields, Optional.empty(), List.of());
    }

    private Optional<Fields> nested(Fields fields, String key, Shape shape) {
        return fields.map(key).map(map -> Fields.read(map, shape, problems));
    }

    /** Also an ill-formed id, so that what refers to it is not reported as well. */
    private static String id(Fields fields) {
        Position at = fields.map().at();
        return fields.map()
                .find("id")
                .map(YamlMap.Entry::value)
                .filter(value ->
                        value instanceof YamlScalar scalar && !scalar.text().isEmpty())
                .map(value -> ((YamlScalar) value).text())
                .orElse("#" + at.line() + ":" + at.column());
    }

    private static List<String> needs(Fields fields) {
        return fields.texts("needs").stream().map(YamlScalar::text).toList();
    }

    private static @Nullable String when(Fields fields) {
        return fields.text("when").orElse(null);
    }
}
