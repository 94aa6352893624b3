package dev.belay.model.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A name an expression refers to, with the fields selected from it: {@code steps.snapshot.file}.
 *
 * @param offset of the name in the expression, in code points
 * @param whole the expression is this path and nothing else
 */
record Path(String root, List<String> fields, int offset, boolean whole) {

    Path {
        fields = List.copyOf(fields);
    }

    @Override
    public String toString() {
        return fields.isEmpty() ? root : root + "." + String.join(".", fields);
    }

    /** Every path of an expression, from left to right. */
    static List<Path> of(CelAbstractSyntaxTree tree) {
        List<Path> found = new ArrayList<>();
        collect(tree, tree.getExpr(), found);
        return List.copyOf(found);
    }

    private static void collect(CelAbstractSyntaxTree tree, CelExpr expression, List<Path> found) {
        switch (expression.getKind()) {
            case IDENT -> found.add(path(tree, expression, List.of(), expression));
            case SELECT -> select(tree, expression, found);
            case CALL -> {
                expression.call().target().ifPresent(target -> collect(tree, target, found));
                expression.call().args().forEach(argument -> collect(tree, argument, found));
            }
            case LIST -> expression.list().elements().forEach(element -> collect(tree, element, found));
            case MAP ->
                expression.map().entries().forEach(entry -> {
                    collect(tree, entry.key(), found);
                    collect(tree, entry.value(), found);
                });
            case STRUCT -> expression.struct().entries().forEach(entry -> collect(tree, entry.value(), found));
            case CONSTANT, COMPREHENSION, NOT_SET -> {}
        }
    }

    private static void select(CelAbstractSyntaxTree tree, CelExpr expression, List<Path> found) {
        List<String> fields = new ArrayList<>();
        CelExpr at = expression;
        while (at.getKind() == CelExpr.ExprKind.Kind.SELECT) {
            fields.add(at.select().field());
            at = at.select().operand();
        }
        if (at.getKind() != CelExpr.ExprKind.Kind.IDENT) {
            collect(tree, at, found);
            return;
        }
        Collections.reverse(fields);
        found.add(path(tree, at, fields, expression));
    }

    private static Path path(CelAbstractSyntaxTree tree, CelExpr root, List<String> fields, CelExpr all) {
        int offset = tree.getSource().getPositionsMap().getOrDefault(root.id(), 0);
        return new Path(
                root.ident().name(), fields, offset, all.id() == tree.getExpr().id());
    }
}
