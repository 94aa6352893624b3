package dev.belay.model.expression;

import dev.belay.model.expression.Template.Part;
import dev.belay.model.expression.Template.UnclosedReference;
import dev.belay.model.runbook.ValueType;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds, before anything runs, what would be wrong with the expressions of one place: typos, types, and steps that are not upstream. */
public final class ExpressionCheck {

    private final PathCheck paths;
    private final CelCompiler compiler;

    public ExpressionCheck(Names names) {
        TypedNames types = new TypedNames(names);
        this.paths = new PathCheck(names);
        this.compiler = Cel.typed(types.variables(), types.types());
    }

    /** Problems of a {@code when}. */
    public List<ExpressionProblem> condition(String when) {
        if (when.contains("${{")) {
            return List.of(new ExpressionProblem(
                    "expression-syntax",
                    when.indexOf("${{"),
                    "a condition is an expression by itself, without ${{ }}"));
        }
        return check(when, checked -> {
            CelType type = checked.getResultType();
            return type.equals(SimpleType.BOOL)
                    ? List.of()
                    : List.of(typeProblem(when, "is " + PathCheck.words(type) + ", but a condition is true or false"));
        });
    }

    /** Problems of the references in a text that should give a value of this type; none when it has no reference. */
    public List<ExpressionProblem> text(String text, ValueType wanted) {
        try {
            Template template = Template.parse(text);
            if (template.isOneExpression()) {
                Part part = template.parts().get(0);
                return moved(check(part.text(), tree -> typeProblems(tree, part.text(), wanted)), part.offset());
            }
            List<ExpressionProblem> problems = new ArrayList<>();
            for (Part part : template.parts()) {
                if (part.isExpression()) {
                    problems.addAll(moved(check(part.text(), tree -> insideText(tree, part.text())), part.offset()));
                }
            }
            return List.copyOf(problems);
        } catch (UnclosedReference e) {
            return List.of(new ExpressionProblem("expression-syntax", e.offset(), String.valueOf(e.getMessage())));
        }
    }

    /** Says whether a text holds a reference, finished or not. */
    public static boolean hasReference(String text) {
        return text.contains("${{");
    }

    /** Says whether a text is wholly one reference, which may then be of any type. */
    public static boolean isOneReference(String text) {
        try {
            return Template.parse(text).isOneExpression();
        } catch (UnclosedReference e) {
            return false;
        }
    }

    private List<ExpressionProblem> check(String expression, TypeRule rule) {
        if (expression.length() > Cel.LONGEST) {
            String message =
                    "an expression has at most " + Cel.LONGEST + " characters, this one " + expression.length();
            return List.of(new ExpressionProblem("expression-syntax", 0, message));
        }
        try {
            CelAbstractSyntaxTree tree = Cel.parse(expression);
            List<ExpressionProblem> functions = FunctionCheck.problems(expression, tree);
            List<ExpressionProblem> found = functions.isEmpty() ? paths.problems(expression, Path.of(tree)) : functions;
            return found.isEmpty() ? rule.problems(compiler.check(tree).getAst()) : found;
        } catch (CelValidationException e) {
            return List.of(problem(expression, e));
        }
    }

    private static ExpressionProblem problem(String expression, CelValidationException failure) {
        boolean syntax = failure.getErrors().stream().anyMatch(issue -> issue.getExprId() <= 0);
        int offset = failure.getErrors().stream()
                .findFirst()
                .flatMap(issue -> offset(failure, issue))
                .map(codePoints -> PathCheck.characters(expression, codePoints))
                .orElse(0);
        String message = Cel.quoted(expression) + ": " + Cel.sentence(failure);
        return new ExpressionProblem(syntax ? "expression-syntax" : "expression-type", offset, message);
    }

    private static Optional<Integer> offset(CelValidationException failure, CelIssue issue) {
        return failure.getSource().getLocationOffset(issue.getSourceLocation());
    }

    private List<ExpressionProblem> typeProblems(CelAbstractSyntaxTree checked, String expression, ValueType wanted) {
        Optional<ValueType> exact =
                Path.of(checked).stream().filter(Path::whole).findFirst().flatMap(paths::type);
        boolean fits = exact.map(type -> fits(type, wanted))
                .orElseGet(() -> checked.getResultType().equals(TypedNames.type(wanted)));
        if (fits) {
            return List.of();
        }
        String is = exact.map(ValueType::text).orElseGet(() -> PathCheck.words(checked.getResultType()));
        return List.of(typeProblem(expression, "is of type " + is + ", but " + wanted.text() + " is wanted"));
    }

    private static boolean fits(ValueType type, ValueType wanted) {
        boolean text = type == ValueType.DURATION || type == ValueType.KUBERNETES_VERSION;
        return type == wanted || (wanted == ValueType.STRING && text);
    }

    private List<ExpressionProblem> insideText(CelAbstractSyntaxTree checked, String expression) {
        CelType type = checked.getResultType();
        boolean fits = type.equals(SimpleType.STRING) || type.equals(SimpleType.INT) || type.equals(SimpleType.BOOL);
        return fits
                ? List.of()
                : List.of(typeProblem(expression, "is " + PathCheck.words(type) + ", which cannot stand inside text"));
    }

    private static ExpressionProblem typeProblem(String expression, String message) {
        int blanks = expression.length() - expression.stripLeading().length();
        return new ExpressionProblem("expression-type", blanks, Cel.quoted(expression) + " " + message);
    }

    private static List<ExpressionProblem> moved(List<ExpressionProblem> problems, int characters) {
        return problems.stream().map(problem -> problem.movedBy(characters)).toList();
    }

    /** What must hold for the type of a checked expression. */
    private interface TypeRule {
        List<ExpressionProblem> problems(CelAbstractSyntaxTree checked);
    }
}
