package dev.belay.model.expression;

/** An expression has no value in this scope: a step it refers to was skipped, or it divides by zero. Trying again cannot help. */
public final class ExpressionFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ExpressionFailure(String message) {
        super(message);
    }
}
