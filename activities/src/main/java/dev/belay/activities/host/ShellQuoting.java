package dev.belay.activities.host;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The one place where an argv array becomes text for a remote POSIX shell: every word is single-quoted, whatever it holds. */
public final class ShellQuoting {

    private ShellQuoting() {}

    public static String line(List<String> argv) {
        return argv.stream().map(ShellQuoting::quote).collect(Collectors.joining(" "));
    }

    /** The words as {@code env} takes them: {@code env NAME=value ... program args}, found by PATH, 127 when there is no such program. */
    public static String withEnvironment(Map<String, String> env, List<String> argv) {
        String settings = env.entrySet().stream()
                .map(e -> quote(name(e.getKey()) + "=" + e.getValue()) + " ")
                .collect(Collectors.joining());
        return "env " + settings + line(argv);
    }

    public static String quote(String word) {
        if (word.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a word of a command holds a NUL, which no command can be given");
        }
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static String name(String variable) {
        if (!variable.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException("\"" + variable + "\" is not the name of an environment variable");
        }
        return variable;
    }
}
