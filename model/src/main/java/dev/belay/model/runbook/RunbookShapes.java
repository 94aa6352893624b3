package dev.belay.model.runbook;

import static dev.belay.model.document.Shape.required;

import dev.belay.model.document.Form;
import dev.belay.model.document.Form.Choice;
import dev.belay.model.document.Form.Custom;
import dev.belay.model.document.Form.Flag;
import dev.belay.model.document.Form.Nested;
import dev.belay.model.document.Form.Text;
import dev.belay.model.document.Form.Texts;
import dev.belay.model.document.Form.Time;
import dev.belay.model.document.Form.Whole;
import dev.belay.model.document.Key;
import dev.belay.model.document.Shape;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Every key a runbook may have: the one table behind the reader, its messages and the JSON Schema. */
final class RunbookShapes {

    /** Most nodes of a batch: they are awaited as child workflows of one hop. */
    static final int LARGEST_BATCH = 25;

    static final Pattern SHARE = Pattern.compile("(100|[1-9][0-9]?)%");
    static final Pattern INPUT_NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]{0,39}");
    static final String INPUT_NAME_LOOKS = "a letter, then letters, digits or \"_\", at most 40 characters";

    private static final int MOST_NODES = 5_000;
    private static final Form TIME = new Time(Duration.ofDays(30));
    private static final Form ID = new Text(
            "a letter, then letters, digits or \"-\", at most 40 characters",
            Pattern.compile("[a-zA-Z][a-zA-Z0-9-]{0,39}"));
    private static final Form WHEN = Custom.scalar("a condition such as hop.first", "condition");
    private static final Form ON_FAILURE =
            Choice.of(Arrays.stream(OnFailure.values()).map(OnFailure::text).toList());
    private static final String AFTER_FAILURE =
            "What happens when the attempts have ended: park (the default), rollback"
                    + " (the phase is taken back as far as that needs no approval, then the run parks) or continue";

    static final Shape RETRY =
            Shape.of("retry", required("attempts", new Whole(1, 100), "Automatic attempts before the run parks"));

    static final Shape DEFAULTS = Shape.of(
            "defaults",
            optional("timeout", TIME, "For one attempt of a step that says nothing"),
            optional("retry", new Nested(RETRY), "Automatic attempts"),
            optional("onFailure", ON_FAILURE, AFTER_FAILURE));

    static final Shape METADATA = Shape.of(
            "metadata",
            required(
                    "name",
                    new Text(
                            "lower-case letters, digits and \"-\", at most 63 characters",
                            Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")),
                    "Name of the runbook"),
            required(
                    "version",
                    new Text(
                            "a semantic version such as 1.0.0",
                            Pattern.compile("(0|[1-9][0-9]{0,5})(\\.(0|[1-9][0-9]{0,5})){2}(-[0-9A-Za-z.-]{1,40})?")),
                    "Semantic version: a reviewed runbook changes it"),
            optional("description", Text.any(), "What the runbook does, in one sentence"),
            optional(
                    "purpose",
                    Choice.of(Arrays.stream(Purpose.values()).map(Purpose::text).toList()),
                    "upgrade (the default) goes to a target in hops; maintenance changes no version; rollback takes a run back"));

    static final Shape INPUT = Shape.of(
            "an input",
            required(
                    "type",
                    Choice.of(Arrays.stream(ValueType.values())
                            .map(ValueType::text)
                            .toList()),
                    "Type of its values"),
            optional(
                    "default",
                    Custom.any("a value of the input's type", "value"),
                    "Without it the input must be given"),
            optional("description", Text.any(), "What it is for"));

    /** The long form of a phase; a list of steps is the short one. */
    static final Shape PHASE = Shape.of(
            "a phase",
            optional(
                    "onFailure",
                    ON_FAILURE,
                    "For steps of this phase that say nothing themselves: park, rollback or continue"),
            required("steps", Custom.list("a list of steps", "hopSteps"), "Its steps"));

    static final Shape PHASES = Shape.of(
            "phases",
            phase("prep", "Looks, locks, saves: nothing that a cluster would notice"),
            phase("controlPlane", "The control planes, one after the other"),
            phase("workers", "The workers, batch by batch"),
            phase("verify", "Proves that the hop reached its version and everything stands"));

    static final Shape RUNBOOK = Shape.of(
            "a runbook",
            required("apiVersion", Choice.of("belay.dev/v1"), "Version of this language"),
            required("kind", Choice.of("Runbook"), "This kind of document"),
            required("metadata", new Nested(METADATA), "Name and version"),
            optional(
                    "inputs",
                    Custom.map("an object with an input under each name", "inputs"),
                    "Set with --set name=value"),
            optional("defaults", new Nested(DEFAULTS), "For steps that say nothing themselves"),
            required("phases", new Nested(PHASES), "The four phases of a hop, in this order"));

    static final Shape BATCH = Shape.of(
            "batch",
            optional("canary", new Whole(0, LARGEST_BATCH), "Nodes of the first batch; 0, the default, for none"),
            optional(
                    "size",
                    Custom.scalar("a number from 1 to 25, or a share such as 10%", "size"),
                    "Nodes of each later batch"),
            optional("max", new Whole(1, LARGEST_BATCH), "Upper bound of a batch, 25 by default"),
            optional("order", Choice.of("name", "zone"), "zone: a batch never holds nodes of two zones"));

    static final Shape FOR_EACH = Shape.of(
            "forEach",
            required(
                    "nodes",
                    Choice.of(Arrays.stream(NodeSet.values()).map(NodeSet::text).toList()),
                    "The set of nodes selected from"),
            optional("skip", new Whole(0, MOST_NODES), "Nodes left out at the start of the set"),
            optional("skipLast", new Whole(0, MOST_NODES), "Nodes left out at its end"),
            optional("take", new Whole(1, MOST_NODES), "How many at most"),
            optional("last", new Whole(1, MOST_NODES), "Only the last ones; without skip, skipLast and take"),
            optional("batch", new Nested(BATCH), "How many at a time; one by default"));

    static final Shape APPROVE = Shape.of(
            "approve",
            required("reason", Text.any(), "What is asked"),
            optional("min", new Whole(1, 10), "Different people needed, 1 by default"),
            optional("by", new Texts(20), "Roles of the inventory's people, one of which each must have"),
            optional("notAuthor", new Flag(), "Who started the run does not count"),
            optional("expires", TIME, "After this the answer is no; 24h by default"));

    static final Shape TYPED = step(
            "a step",
            required("uses", Custom.scalar("the name of a step type, see belay steps", "uses"), "Step type"),
            optional("with", Custom.map("an object with the step type's inputs", "with"), "Inputs of the step type"),
            optional("timeout", TIME, "For one attempt"),
            optional("retry", new Nested(RETRY), "Automatic attempts"),
            optional("onFailure", ON_FAILURE, AFTER_FAILURE));

    static final Shape GROUP = step(
            "a group",
            required("forEach", new Nested(FOR_EACH), "Which nodes, and how many at a time"),
            required("steps", Custom.list("a list of steps", "nodeSteps"), "The graph each node goes through"));

    static final Shape APPROVAL = step("an approval", required("approve", new Nested(APPROVE), "Waits for people"));

    static final Shape SOAK = step(
            "a soak",
            required("soak", Custom.scalar("a duration such as 5m, or ${{ inputs.soak }}", "time"), "Lets time pass"));

    /** For steps whose kind cannot be told. */
    static final Shape ANY = step(
            "a step",
            optional("uses", TYPED),
            optional("with", TYPED),
            optional("timeout", TYPED),
            optional("retry", TYPED),
            optional("onFailure", TYPED),
            optional("forEach", GROUP),
            optional("steps", GROUP),
            optional("approve", APPROVAL),
            optional("soak", SOAK));

    private RunbookShapes() {}

    private static Key phase(String name, String description) {
        return optional(
                name, Custom.listOrMap("a list of steps, or an object with onFailure and steps", "phase"), description);
    }

    private static Key optional(String name, Shape owner) {
        return owner.key(name)
                .map(key -> new Key(name, key.form(), false, key.description()))
                .orElseThrow();
    }

    private static Key optional(String name, Form form, String description) {
        return Shape.optional(name, form, description);
    }

    private static Shape step(String name, Key... own) {
        Map<String, Key> keys = new LinkedHashMap<>();
        List.of(
                        required("id", ID, "Unique in the whole runbook"),
                        Shape.optional("needs", new Texts(100), "Steps of the same list that come before"),
                        Shape.optional("when", WHEN, "A condition; the step is skipped when it is false"))
                .forEach(key -> keys.put(key.name(), key));
        Arrays.stream(own).forEach(key -> keys.put(key.name(), key));
        return new Shape(name, List.copyOf(keys.values()));
    }
}
