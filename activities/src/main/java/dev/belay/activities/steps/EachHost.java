package dev.belay.activities.steps;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Host;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.run.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Looks at many hosts, a few at a time, and gives every answer, in the inventory's order, so that one dead host does not hide another. */
public final class EachHost {

    private static final int AT_ONCE = 16;

    /** One look; it may throw {@link StepFailure}. */
    @FunctionalInterface
    public interface Look<T> {
        T at(HostEntry entry, Host host);
    }

    /**
     * What one host said.
     *
     * @param failure null when it answered
     */
    public record Answer<T>(
            HostEntry entry, @Nullable T value, @Nullable Failure failure) {

        public Optional<T> seen() {
            return Optional.ofNullable(value);
        }
    }

    private EachHost() {}

    public static <T> List<Answer<T>> of(StepContext context, List<HostEntry> entries, Look<T> look) {
        ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, Math.min(AT_ONCE, entries.size())));
        try {
            List<Future<Answer<T>>> pending = new ArrayList<>();
            for (HostEntry entry : entries) {
                Callable<Answer<T>> one = () -> answer(context, entry, look);
                pending.add(pool.submit(one));
            }
            return collect(context, pending);
        } finally {
            pool.shutdownNow();
        }
    }

    private static <T> Answer<T> answer(StepContext context, HostEntry entry, Look<T> look) {
        try {
            return new Answer<>(entry, look.at(entry, context.hosts().on(entry.node())), null);
        } catch (StepFailure e) {
            return new Answer<>(entry, null, e.failure());
        }
    }

    private static <T> List<Answer<T>> collect(StepContext context, List<Future<Answer<T>>> pending) {
        List<Answer<T>> answers = new ArrayList<>();
        for (Future<Answer<T>> one : pending) {
            context.heartbeat().run();
            try {
                answers.add(one.get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while hosts were asked", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            }
        }
        return answers;
    }
}
