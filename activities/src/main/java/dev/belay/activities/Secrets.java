package dev.belay.activities;

import dev.belay.model.inventory.Reference;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resolves references, in the process that talks to the hosts and nowhere else. What it finds is never printed: errors name the
 * reference. {@code file:} may begin with {@code ${NAME}}; {@code exec:} runs a program without a shell and takes its standard output.
 */
public final class Secrets {

    private static final Pattern LEADING_VARIABLE =
            Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}(.*)", Pattern.DOTALL);
    private static final int LARGEST = 1 << 20;
    private static final long EXEC_SECONDS = 30;
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Map<String, String> environment;

    public Secrets(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    public static Secrets ofProcess() {
        return new Secrets(System.getenv());
    }

    /** Where a {@code file:} reference points to, absolute; whether it is there is not looked at. */
    public Path path(Reference reference) {
        if (!reference.scheme().equals("file")) {
            throw unresolved(reference, "names no file", "use a file: reference here");
        }
        try {
            return Path.of(expanded(reference)).toAbsolutePath().normalize();
        } catch (java.nio.file.InvalidPathException e) {
            throw unresolved(reference, "is not a path", "write a plain path");
        }
    }

    /** Where an {@code agent:} reference points to: the socket of a running ssh-agent. */
    public Path socket(Reference reference) {
        try {
            return Path.of(expanded(reference));
        } catch (java.nio.file.InvalidPathException e) {
            throw unresolved(reference, "is not a path", "write agent:${SSH_AUTH_SOCK}");
        }
    }

    /** As {@link #path}, for a file that must be there and that nobody but its owner may read. */
    public Path privateFile(Reference reference) {
        Path file = path(reference);
        if (!Files.isRegularFile(file)) {
            throw unresolved(reference, "names " + file + ", which is not a file", "check the path in the inventory");
        }
        Set<PosixFilePermission> mode = permissions(reference, file);
        if (!OWNER.containsAll(mode)) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "FILE_EXPOSED",
                    file + " (" + reference + ") has mode " + PosixFilePermissions.toString(mode)
                            + ": others than its owner may use it",
                    "chmod 600 " + file + ", and ask who may have read it");
        }
        return file;
    }

    /** The secret itself. */
    public byte[] bytes(Reference reference) {
        return switch (reference.scheme()) {
            case "env" -> variable(reference, reference.target()).getBytes(StandardCharsets.UTF_8);
            case "exec" -> output(reference);
            case "agent" -> throw unresolved(reference, "holds no secret that can be read", "use it for ssh.key only");
            default -> content(reference);
        };
    }

    /** The secret as text, without trailing line ends. */
    public String text(Reference reference) {
        return new String(bytes(reference), StandardCharsets.UTF_8).replaceAll("[\\r\\n]+\\z", "");
    }

    /** A failure to resolve is told with the inventory's field. */
    public static <T> T named(String field, Supplier<T> reference) {
        try {
            return reference.get();
        } catch (StepFailure e) {
            Failure failure = e.failure();
            throw new StepFailure(new Failure(
                    failure.kind(),
                    failure.code(),
                    "the inventory's " + field + ": " + failure.why(),
                    failure.next(),
                    failure.evidence()));
        }
    }

    private String expanded(Reference reference) {
        Matcher matcher = LEADING_VARIABLE.matcher(reference.target());
        return matcher.matches() ? variable(reference, matcher.group(1)) + matcher.group(2) : reference.target();
    }

    private String variable(Reference reference, String name) {
        String value = environment.get(name);
        if (value == null || value.isEmpty()) {
            throw unresolved(
                    reference, "needs the environment variable " + name + ", which is not set", "export " + name);
        }
        return value;
    }

    private byte[] content(Reference reference) {
        Path file = path(reference);
        try {
            if (Files.size(file) > LARGEST) {
                throw unresolved(reference, "is larger than 1 MB", "check the path in the inventory");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw unresolved(reference, "names " + file + ", which is not there", "check the path in the inventory");
        } catch (IOException e) {
            throw unresolved(
                    reference,
                    "cannot be read: " + file + " (" + e.getClass().getSimpleName() + ")",
                    "check the path and who may read it");
        }
    }

    private static byte[] output(Reference reference) {
        List<String> argv = List.of(reference.target().trim().split("\\s+"));
        try {
            Process process = new ProcessBuilder(argv)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            return answer(reference, process);
        } catch (IOException e) {
            throw unresolved(reference, "could not be started", "check that the program is there");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unresolved(reference, "was interrupted", "try again");
        }
    }

    private static byte[] answer(Reference reference, Process process) throws IOException, InterruptedException {
        CompletableFuture<Process> ended = process.onExit().orTimeout(EXEC_SECONDS, TimeUnit.SECONDS);
        CompletableFuture<Process> killed = ended.whenComplete((done, late) -> {
            if (late != null) {
                process.destroyForcibly();
            }
        });
        byte[] out = process.getInputStream().readNBytes(LARGEST + 1);
        if (out.length > LARGEST) {
            process.destroyForcibly();
            throw unresolved(reference, "gave more than 1 MB", "check the program");
        }
        int exit = process.waitFor();
        if (killed.isCompletedExceptionally()) {
            throw unresolved(reference, "took longer than " + EXEC_SECONDS + " s", "run it by hand");
        }
        if (exit != 0) {
            throw unresolved(reference, "exited with " + exit, "run it by hand; its messages are not shown here");
        }
        return out;
    }

    private static Set<PosixFilePermission> permissions(Reference reference, Path file) {
        try {
            return Files.getPosixFilePermissions(file);
        } catch (IOException | UnsupportedOperationException e) {
            throw unresolved(reference, "names " + file + ", whose mode cannot be read", "check the path");
        }
    }

    private static StepFailure unresolved(Reference reference, String why, String next) {
        return StepFailure.of(FailureKind.PERMANENT, "REFERENCE_UNRESOLVED", reference + " " + why, next);
    }
}
