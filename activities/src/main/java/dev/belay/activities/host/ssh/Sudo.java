package dev.belay.activities.host.ssh;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.ShellQuoting;
import dev.belay.model.run.FailureKind;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Root without a terminal: {@code sudo -n}, and what it says when it would have asked. */
final class Sudo {

    private static final Pattern REFUSED = Pattern.compile(
            "(?m)^(sudo: (a password is required|a terminal is required|no tty present|sorry, you must have a tty"
                    + "|account validation failure|PAM |.*: command not found$|unable to initialize PAM)"
                    + "|.* is not in the sudoers file|.* is not allowed to (execute|run sudo)"
                    + "|env: .?sudo.?: No such file or directory)");

    private Sudo() {}

    /** As root whatever the login is; programs are found as {@code env} finds them. */
    static String line(SshEndpoint endpoint, Map<String, String> env, List<String> argv) {
        String command = ShellQuoting.withEnvironment(env, argv);
        return endpoint.isRoot() ? command : "env LC_ALL=C sudo -n -- " + command;
    }

    /** Throws when it was sudo that failed, and not what it was to run. */
    static void check(SshEndpoint endpoint, int exit, String err) {
        if (exit != 0 && !endpoint.isRoot() && REFUSED.matcher(err).find()) {
            throw StepFailure.of(
                            FailureKind.PERMANENT,
                            "SUDO_REFUSED",
                            endpoint + " may not use sudo without a password",
                            "give " + endpoint.user() + " NOPASSWD in /etc/sudoers.d, or another user in the inventory")
                    .withEvidence(err.length() > 1000 ? err.substring(0, 1000) : err);
        }
    }
}
