package dev.belay.model.runbook;

import dev.belay.model.document.Fields;
import dev.belay.model.document.Position;
import dev.belay.model.document.YamlScalar;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step as far as it could be read, with the places of what it says. Where something was wrong, {@code step} has a stand-in: it is never
 * used, since the problem was reported.
 *
 * @param signature of its step type; empty for other kinds, and when the type is not known
 * @param inner steps of a group
 */
record Draft(Step step, Fields fields, Optional<StepSignature> signature, List<Draft> inner) {

    Draft {
        inner = List.copyOf(inner);
    }

    static List<Step> steps(List<Draft> drafts) {
        return drafts.stream().map(Draft::step).toList();
    }

    String id() {
        return step.id();
    }

    Position idAt() {
        return fields.at("id");
    }

    /** Its type is not in the catalogue, so nothing is known of its inputs and outputs. */
    boolean isUnknown() {
        return step instanceof TypedStep && signature.isEmpty();
    }

    Position needAt(int place) {
        List<YamlScalar> needs = fields.texts("needs");
        return place < needs.size() ? needs.get(place).at() : fields.at("needs");
    }

    Map<String, StepSignature.Field> outputs() {
        return signature.map(StepSignature::output).orElse(Map.of());
    }
}
