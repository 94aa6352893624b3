package dev.belay.activities.host.ssh;

import dev.belay.activities.StepFailure;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The runner script on a host, and its verbs. It lies in a folder of root's on a persistent disk, under its own hash, so that a newer
 * Belay brings its own beside it and jobs under way keep theirs. Scripts travel on standard input: sudo logs command lines.
 */
final class JobRunner {

    private static final byte[] SCRIPT = script();
    private static final String SHA = JobId.sha256(SCRIPT);
    private static final int NOT_INSTALLED = 97;
    private static final int NOT_PERSISTENT = 66;
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final String CALL = "[ -f \"$1\" ] || exit " + NOT_INSTALLED + "; exec /bin/sh \"$@\"";
    private static final String INSTALL = "set -eu; umask 077; mkdir -p \"$1\"; chmod 700 \"$1\"; "
            + "case $(stat -f -c %T \"$1\") in tmpfs | ramfs) exit " + NOT_PERSISTENT + " ;; esac; "
            + "new=$(mktemp \"$1/.runner.XXXXXX\"); cat >\"$new\"; "
            + "if [ \"$(sha256sum <\"$new\")\" != \"$3  -\" ]; then rm -f \"$new\"; exit 65; fi; "
            + "sync \"$new\"; mv -f \"$new\" \"$1/$2\"; sync \"$1\"";

    private final RemoteShell shell;
    private final String folder;

    /** @param folder absolute, plain characters only */
    JobRunner(RemoteShell shell, String folder) {
        if (!folder.matches("(/[A-Za-z0-9._-]+)+")) {
            throw new IllegalArgumentException("the folder of jobs is a plain absolute path, not " + folder);
        }
        this.shell = shell;
        this.folder = folder;
    }

    SshEndpoint endpoint() {
        return shell.endpoint();
    }

    /** Claims the job and starts it unless that was done before; one word, and the name of the other job after {@code busy}. */
    List<String> start(JobId id, byte[] script, Duration limit) {
        long seconds = Math.max(1, limit.toSeconds());
        return words(call(List.of("start", id.value(), JobId.sha256(script), Long.toString(seconds)), script));
    }

    /** Size of the output, then what became of the job. */
    List<String> state(JobId id) {
        return words(call(List.of("state", id.value()), new byte[0]));
    }

    /** Copies output from an offset on, while the job runs and to its end. */
    void follow(JobId id, long offset, OutputStream sink, Duration limit) {
        run(List.of("follow", id.value(), Long.toString(offset)), new byte[0], sink, limit);
    }

    void acknowledge(JobId id) {
        call(List.of("ack", id.value()), new byte[0]);
    }

    /** Whether the job was ever claimed. */
    boolean exists(JobId id) {
        String test = Sudo.line(endpoint(), Map.of(), List.of("test", "-d", folder + "/" + id.value()));
        RemoteShell.Ended ended =
                shell.run("a look for a job", test, new byte[0], OutputStream.nullOutputStream(), LIMIT);
        Sudo.check(endpoint(), ended.exit(), ended.err());
        if (ended.exit() > 1) {
            throw refused("a look for a job", ended);
        }
        return ended.exit() == 0;
    }

    private String call(List<String> verb, byte[] stdin) {
        CappedBuffer out = new CappedBuffer(4096);
        run(verb, stdin, out, LIMIT);
        return out.text();
    }

    private void run(List<String> verb, byte[] stdin, OutputStream out, Duration limit) {
        RemoteShell.Ended ended = attempt(verb, stdin, out, limit);
        if (ended.exit() == NOT_INSTALLED) {
            install();
            ended = attempt(verb, stdin, out, limit);
        }
        if (ended.exit() != 0) {
            throw refused("job " + verb.get(0), ended);
        }
    }

    private RemoteShell.Ended attempt(List<String> verb, byte[] stdin, OutputStream out, Duration limit) {
        List<String> argv = Stream.concat(Stream.of("/bin/sh", "-c", CALL, "belay", path()), verb.stream())
                .toList();
        return root("job " + verb.get(0), argv, stdin, out, limit);
    }

    private void install() {
        List<String> argv = List.of("/bin/sh", "-c", INSTALL, "belay", folder, name(), SHA);
        RemoteShell.Ended ended = root("job set-up", argv, SCRIPT, OutputStream.nullOutputStream(), LIMIT);
        if (ended.exit() == NOT_PERSISTENT) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "JOB_FOLDER_NOT_PERSISTENT",
                    endpoint() + ": " + folder + " lies in memory; a reboot would forget what has run",
                    "put it on a disk");
        }
        if (ended.exit() != 0) {
            throw refused("job set-up", ended);
        }
    }

    private RemoteShell.Ended root(String what, List<String> argv, byte[] stdin, OutputStream out, Duration limit) {
        RemoteShell.Ended ended = shell.run(what, Sudo.line(endpoint(), Map.of(), argv), stdin, out, limit);
        Sudo.check(endpoint(), ended.exit(), ended.err());
        return ended;
    }

    private String path() {
        return folder + "/" + name();
    }

    private static String name() {
        return "runner-" + SHA.substring(0, 16) + ".sh";
    }

    /** The runner itself failed: systemd may be restarting, the disk may be full. Nothing is lost, so it may be tried again. */
    private StepFailure refused(String what, RemoteShell.Ended ended) {
        return StepFailure.of(
                        FailureKind.TRANSIENT,
                        "JOB_RUNNER_FAILED",
                        endpoint() + ": " + what + " failed with exit code " + ended.exit(),
                        "look at the host's systemd and at the disk of " + folder)
                .withEvidence(
                        ended.err().substring(0, Math.min(2000, ended.err().length())));
    }

    private static List<String> words(String answer) {
        return Stream.of(answer.trim().split("\\s+")).collect(Collectors.toUnmodifiableList());
    }

    private static byte[] script() {
        try (InputStream in = Objects.requireNonNull(JobRunner.class.getResourceAsStream("job-runner.sh"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("\r\n", "\n")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
