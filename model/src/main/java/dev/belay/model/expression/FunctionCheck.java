package dev.belay.model.expression;

import dev.belay.model.document.Spelling;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import java.util.List;

/** Finds calls of functions that runbooks do not have, before their arguments are looked at: loops bring names of their own. */
final class FunctionCheck {

    private static final List<String> KNOWN = List.of("size", "contains", "startsWith", "endsWith", "int", "string");

    private FunctionCheck() {}

    static List<ExpressionProblem> problems(String expression, CelAbstractSyntaxTree tree) {
        return CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == Kind.CALL)
                .filter(node -> isUnknown(node.expr().call().function()))
                .map(node ->
                        problem(expression, tree, node.id(), node.expr().call().function()))
                .toList();
    }

    /** Operators are functions too, with names such as {@code _&&_}. */
    private static boolean isUnknown(String function) {
        return Character.isLetter(function.charAt(0)) && !KNOWN.contains(function);
    }

    private static ExpressionProblem problem(
            String expression, CelAbstractSyntaxTree tree, long call, String function) {
        int codePoints = tree.getSource().getPositionsMap().getOrDefault(call, 0);
        int offset = expression.lastIndexOf(function, PathCheck.characters(expression, codePoints));
        String message = "there is no function \"" + function + "\"" + Spelling.hint(function, KNOWN)
                + "; expressions may use has, " + String.join(", ", KNOWN);
        return new ExpressionProblem("unknown-function", Math.max(0, offset), message);
    }
}
