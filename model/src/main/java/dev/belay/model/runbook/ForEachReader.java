package dev.belay.model.runbook;

import dev.belay.model.document.Fields;
import dev.belay.model.document.Problems;
import dev.belay.model.document.YamlMap;
import dev.belay.model.document.YamlScalar;
import dev.belay.model.document.YamlScalar.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads which nodes a group visits, and in which batches. */
final class ForEachReader {

    static final ForEach STAND_IN = new ForEach(NodeSet.ALL, 0, 0, null, null, Batch.ONE);

    private final Problems problems;

    ForEachReader(Problems problems) {
        this.problems = problems;
    }

    ForEach forEach(YamlMap map) {
        Fields fields = Fields.read(map, RunbookShapes.FOR_EACH, problems);
        lastAlone(fields);
        return new ForEach(
                fields.text("nodes").map(ForEachReader::nodes).orElse(NodeSet.ALL),
                fields.whole("skip").orElse(0),
                fields.whole("skipLast").orElse(0),
                fields.whole("take").orElse(null),
                fields.whole("last").orElse(null),
                fields.map("batch").map(this::batch).orElse(Batch.ONE));
    }

    private void lastAlone(Fields fields) {
        List.of("skip", "skipLast", "take").stream()
                .filter(key -> fields.has("last") && fields.has(key))
                .forEach(key ->
                        problems.add(fields.keyAt(key), "conflict", "\"" + key + "\" cannot stand beside \"last\""));
    }

    private Batch batch(YamlMap map) {
        Fields fields = Fields.read(map, RunbookShapes.BATCH, problems);
        Optional<YamlScalar> size = fields.scalar("size").filter(this::isSize);
        int max = fields.whole("max").orElse(RunbookShapes.LARGEST_BATCH);
        int canary = fields.whole("canary").orElse(0);
        if (canary > max) {
            problems.add(fields.at("canary"), "value", "\"canary\" is larger than \"max\", which is " + max);
        }
        size.filter(scalar -> scalar.kind() == Kind.INTEGER && Integer.parseInt(scalar.text()) > max)
                .ifPresent(scalar ->
                        problems.add(scalar.at(), "value", "\"size\" is larger than \"max\", which is " + max));
        boolean byZone = fields.text("order").filter("zone"::equals).isPresent();
        return new Batch(canary, size.map(YamlScalar::text).orElse("1"), max, byZone);
    }

    private boolean isSize(YamlScalar scalar) {
        boolean number = scalar.kind() == Kind.INTEGER
                && Long.parseLong(scalar.text()) >= 1
                && Long.parseLong(scalar.text()) <= RunbookShapes.LARGEST_BATCH;
        boolean share =
                scalar.isText() && RunbookShapes.SHARE.matcher(scalar.text()).matches();
        if (!number && !share) {
            String message = "\"size\" should be a number from 1 to " + RunbookShapes.LARGEST_BATCH
                    + ", or a share from 1% to 100%, not " + scalar.shown();
            problems.add(scalar.at(), "value", message);
        }
        return number || share;
    }

    private static NodeSet nodes(String text) {
        return Arrays.stream(NodeSet.values())
                .filter(set -> set.text().equals(text))
                .findFirst()
                .orElseThrow();
    }
}
