package dev.belay.activities.host.ssh;

import java.util.Map;

/** Numbers of signals on Linux, by their names without SIG. */
final class ExitSignals {

    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("HUP", 1),
            Map.entry("INT", 2),
            Map.entry("QUIT", 3),
            Map.entry("ILL", 4),
            Map.entry("TRAP", 5),
            Map.entry("ABRT", 6),
            Map.entry("BUS", 7),
            Map.entry("FPE", 8),
            Map.entry("KILL", 9),
            Map.entry("USR1", 10),
            Map.entry("SEGV", 11),
            Map.entry("USR2", 12),
            Map.entry("PIPE", 13),
            Map.entry("ALRM", 14),
            Map.entry("TERM", 15),
            Map.entry("XCPU", 24),
            Map.entry("XFSZ", 25));

    private ExitSignals() {}

    /** 127 for one that is not known, so that 128 + n is 255. */
    static int number(String name) {
        return NUMBERS.getOrDefault(name, 127);
    }
}
