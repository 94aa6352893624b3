package dev.belay.model.diagnosis;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.belay.model.kubernetes.FactFiles;
import java.util.List;

/**
 * The catalogue that is shipped: one rule a file, with samples that its test holds it to.
 *
 * @param causes of failures
 * @param harmless messages that look bad and mean nothing
 */
public record Rules(List<Rule> causes, List<Rule> harmless) {

    private static final String FOLDER = "/diagnosis/";

    private record Index(List<String> causes, List<String> harmless) {}

    /** All of them, read once. */
    public static Rules shipped() {
        return Shipped.RULES;
    }

    private static final class Shipped {
        private static final Rules RULES = read();

        private static Rules read() {
            Index index = FactFiles.resource(FOLDER + "index.yaml", new TypeReference<Index>() {});
            return new Rules(
                    index.causes().stream()
                            .map(id -> rule("causes/", id).asCause(id))
                            .toList(),
                    index.harmless().stream()
                            .map(id -> rule("harmless/", id).as(id))
                            .toList());
        }

        private static Rule.Written rule(String kind, String id) {
            return FactFiles.partial(FOLDER + kind + id + ".yaml", new TypeReference<Rule.Written>() {});
        }
    }
}
