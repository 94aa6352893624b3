package dev.belay.activities.host;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A long command, always as root.
 *
 * @param key {@code <run>/<hop>/<node>/<step>/<redo>}, with a suffix when a step has several; the same key never runs twice
 * @param limit after which the job is stopped by the host itself
 */
public record Job(String key, List<String> argv, Map<String, String> env, Duration limit) {

    public Job {
        argv = List.copyOf(argv);
        env = new TreeMap<>(env);
    }
}
