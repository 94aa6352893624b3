package dev.belay.activities.host.ssh;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at every connection once a second, from one thread that never blocks: sshj's own keep-alive waits for the lock of a stuck writer. */
final class LinkWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LinkWatch.class);

    private final Set<SshLink> links = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "belay-ssh-watch");
        thread.setDaemon(true);
        return thread;
    });

    private final ScheduledFuture<?> looking = clock.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);

    void watch(SshLink link) {
        links.add(link);
    }

    /** Runs unless cancelled before. */
    ScheduledFuture<?> after(long millis, Runnable task) {
        return clock.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        looking.cancel(false);
        clock.shutdown();
    }

    private void look() {
        links.removeIf(link -> !link.isAlive());
        links.forEach(LinkWatch::look);
    }

    /** What goes wrong with one connection must not end the watch over the others. */
    private static void look(SshLink link) {
        try {
            link.look();
        } catch (RuntimeException e) {
            LOG.warn("A connection could not be looked at", e);
        }
    }
}
