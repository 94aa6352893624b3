package dev.belay.worker;

import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/** The answer of an in-process unary call to the test server, which answers before its call returns. */
final class Answer<T> implements StreamObserver<T> {

    private @Nullable T value;
    private @Nullable Throwable error;

    @Override
    public void onNext(T next) {
        value = next;
    }

    @Override
    public void onError(Throwable thrown) {
        error = thrown;
    }

    @Override
    public void onCompleted() {}

    T value() {
        if (error instanceof RuntimeException thrown) {
            throw thrown;
        }
        if (value == null) {
            throw new IllegalStateException("the embedded server gave no answer", error);
        }
        return value;
    }
}
