package dev.belay.activities.kube.fabric8;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Ends an answer whose body stalls: the JDK's client bounds the wait for the headers only, and would wait for the rest for ever. */
final class BodyDeadline implements Interceptor {

    static final String NAME = "belay-body-deadline";

    private final Executor later;

    BodyDeadline(Duration limit) {
        this.later = CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        if (response.body() instanceof AsyncBody body) {
            later.execute(body::cancel);
        }
    }
}
