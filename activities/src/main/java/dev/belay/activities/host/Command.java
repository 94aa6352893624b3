package dev.belay.activities.host;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An argv array; quoted for the remote shell in one place, by the adapter.
 *
 * @param root run through {@code sudo -n}
 * @param env set for the command alone
 * @param timeout after which the connection counts as lost
 */
public record Command(List<String> argv, boolean root, Map<String, String> env, Duration timeout) {

    private static final Duration SHORT = Duration.ofSeconds(30);

    public Command {
        argv = List.copyOf(argv);
        env = new TreeMap<>(env);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a command needs at least its program");
        }
    }

    public static Command of(String... argv) {
        return new Command(List.of(argv), false, Map.of(), SHORT);
    }

    public static Command root(String... argv) {
        return new Command(List.of(argv), true, Map.of(), SHORT);
    }

    public Command within(Duration limit) {
        return new Command(argv, root, env, limit);
    }
}
