package dev.belay.model.runbook;

import dev.belay.model.document.Fields;
import dev.belay.model.document.Position;
import dev.belay.model.document.Problems;
import dev.belay.model.document.Shape;
import dev.belay.model.document.Yaml;
import dev.belay.model.document.YamlMap;
import dev.belay.model.document.YamlScalar;
import dev.belay.model.document.YamlText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a runbook and reports everything that is wrong with it at once: the YAML, its keys and values, the graph, the inputs of each step
 * against its type, and every expression. A runbook that comes out of here can be planned.
 */
public final class RunbookReader {

    private static final int MOST_STEPS = 2_000;

    private final Problems problems;
    private final Map<String, StepSignature> signatures;

    private RunbookReader(Problems problems, Map<String, StepSignature> signatures) {
        this.problems = problems;
        this.signatures = signatures;
    }

    /**
     * The runbook in this content.
     *
     * @param file its name, for messages
     * @param signatures of every step type there is, by name
     * @throws InvalidDocument with all problems, in the order of the file
     */
    public static Runbook read(String file, byte[] content, Map<String, StepSignature> signatures) {
        Problems problems = new Problems(file);
        Optional<Yaml> root = YamlText.parse(content, problems);
        Optional<Runbook> runbook = root.flatMap(value -> new RunbookReader(problems, signatures).root(value));
        problems.throwIfAny();
        return runbook.orElseThrow();
    }

    private Optional<Runbook> root(Yaml root) {
        if (root instanceof YamlMap map) {
            return Optional.of(runbook(Fields.read(map, RunbookShapes.RUNBOOK, problems)));
        }
        boolean refused = root instanceof YamlScalar scalar && scalar.kind() == YamlScalar.Kind.REFUSED;
        if (!refused) {
            problems.add(
                    root.at(),
                    "type",
                    "a runbook is an object with apiVersion, kind, metadata and phases, not " + root.shown());
        }
        return Optional.empty();
    }

    private Runbook runbook(Fields fields) {
        Optional<Fields> metadata = nested(fields, "metadata", RunbookShapes.METADATA);
        Optional<Fields> defaults = nested(fields, "defaults", RunbookShapes.DEFAULTS);
        Map<String, InputSpec> inputs = new InputReader(problems).inputs(fields.map("inputs"));
        OnFailure onFailure = defaults.flatMap(StepReader::onFailure).orElse(OnFailure.PARK);
        Map<Phase, List<Draft>> phases = phases(fields, onFailure);
        new RunbookLint(problems, inputs, fields.map("inputs")).check(List.copyOf(phases.values()));
        return new Runbook(
                metadata.flatMap(found -> found.text("name")).orElse(""),
                metadata.flatMap(found -> found.text("version")).orElse(""),
                metadata.flatMap(found -> found.text("description")).orElse(""),
                metadata.flatMap(found -> found.text("purpose"))
                        .map(Purpose::of)
                        .orElse(Purpose.UPGRADE),
                inputs,
                defaults.flatMap(found -> found.time("timeout")).orElse(null),
                defaults.flatMap(found -> StepReader.attempts(found, problems)).orElse(3),
                onFailure,
                Draft.steps(phases.getOrDefault(Phase.PREP, List.of())),
                Draft.steps(phases.getOrDefault(Phase.CONTROL_PLANE, List.of())),
                Draft.steps(phases.getOrDefault(Phase.WORKERS, List.of())),
                Draft.steps(phases.getOrDefault(Phase.VERIFY, List.of())));
    }

    private Map<Phase, List<Draft>> phases(Fields runbook, OnFailure onFailure) {
        Map<Phase, List<Draft>> phases = new LinkedHashMap<>();
        nested(runbook, "phases", RunbookShapes.PHASES).ifPresent(fields -> {
            for (Phase phase : Phase.values()) {
                phases.put(phase, steps(fields, phase.text(), onFailure));
            }
            count(fields.map().at(), phases);
        });
        return phases;
    }

    private List<Draft> steps(Fields phases, String phase, OnFailure byDefault) {
        Optional<Fields> whole = nested(phases, phase, RunbookShapes.PHASE);
        OnFailure onFailure = whole.flatMap(StepReader::onFailure).orElse(byDefault);
        List<Yaml> elements = whole.map(fields -> fields.elements("steps")).orElseGet(() -> phases.elements(phase));
        return new StepReader(problems, signatures, onFailure).hopSteps(elements);
    }

    private void count(Position at, Map<Phase, List<Draft>> phases) {
        List<Draft> all = new ArrayList<>();
        phases.values()
                .forEach(drafts -> drafts.forEach(draft -> {
                    all.add(draft);
                    all.addAll(draft.inner());
                }));
        if (all.isEmpty() && problems.isEmpty()) {
            problems.add(at, "no-steps", "no phase has a step");
        }
        if (all.size() > MOST_STEPS) {
            problems.add(at, "too-many-steps", all.size() + " steps; a runbook has at most " + MOST_STEPS);
        }
    }

    private Optional<Fields> nested(Fields fields, String key, Shape shape) {
        return fields.map(key).map(map -> Fields.read(map, shape, problems));
    }
}
