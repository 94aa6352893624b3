package dev.belay.model.expression;

/**
 * One thing wrong with an expression, found before anything runs.
 *
 * @param rule {@code expression-syntax}, {@code expression-type}, {@code unknown-reference}, {@code unknown-function} or {@code not-upstream}
 * @param offset of the offending place in the text that was checked, from 0, in characters
 */
public record ExpressionProblem(String rule, int offset, String message) {

    ExpressionProblem movedBy(int characters) {
        return new ExpressionProblem(rule, offset + characters, message);
    }
}
