package dev.belay.model.runbook;

import dev.belay.model.document.Form;
import dev.belay.model.document.Problems;
import dev.belay.model.document.Yaml;
import dev.belay.model.document.YamlList;
import dev.belay.model.document.YamlMap;
import dev.belay.model.document.YamlScalar;
import dev.belay.model.expression.ExpressionCheck;
import dev.belay.model.expression.ExpressionProblem;
import dev.belay.model.expression.Names;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the expressions of one step. What refers to something that was reported as broken itself is passed over. */
final class ExpressionLint {

    private static final Form TIME = new Form.Time(Duration.ofDays(30));

    private final Problems problems;
    private final Names names;
    private final Set<String> broken;
    private @Nullable ExpressionCheck check;

    ExpressionLint(Problems problems, Names names, Set<String> broken) {
        this.problems = problems;
        this.names = names;
        this.broken = broken;
    }

    void check(Draft draft) {
        draft.fields()
                .scalar("when")
                .filter(this::isSound)
                .ifPresent(when -> report(when, check().condition(when.text())));
        draft.fields().scalar("soak").ifPresent(this::soak);
        draft.signature().ifPresent(type -> draft.fields().map("with").ifPresent(with -> with.entries()
                .forEach(entry -> input(type, entry))));
    }

    private void soak(YamlScalar soak) {
        if (!ExpressionCheck.hasReference(soak.text())) {
            TIME.accepts("soak", soak, problems);
        } else if (!ExpressionCheck.isOneReference(soak.text())) {
            problems.add(
                    soak.at(),
                    "type",
                    "\"soak\" should be a duration such as 5m, or one reference and nothing around it");
        } else if (isSound(soak)) {
            report(soak, check().text(soak.text(), ValueType.DURATION));
        }
    }

    private void input(StepSignature type, YamlMap.Entry entry) {
        StepSignature.Field field = type.input().get(entry.name());
        if (field == null) {
            return;
        }
        if (entry.value() instanceof YamlList list) {
            list.elements().forEach(element -> value(element, ValueType.STRING));
        } else {
            value(entry.value(), field.type());
        }
    }

    private void value(Yaml value, ValueType wanted) {
        if (value instanceof YamlScalar scalar
                && scalar.isText()
                && ExpressionCheck.hasReference(scalar.text())
                && isSound(scalar)) {
            report(scalar, check().text(scalar.text(), wanted));
        }
    }

    private boolean isSound(YamlScalar scalar) {
        return broken.stream().noneMatch(scalar.text()::contains);
    }

    private void report(YamlScalar scalar, List<ExpressionProblem> found) {
        found.forEach(problem -> problems.add(scalar.at(problem.offset()), problem.rule(), problem.message()));
    }

    private ExpressionCheck check() {
        if (check == null) {
            check = new ExpressionCheck(names);
        }
        return check;
    }
}
