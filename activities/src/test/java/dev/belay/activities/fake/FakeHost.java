package dev.belay.activities.fake;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Job;
import dev.belay.activities.host.JobOutcome;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** A host with files, and an answer for each command a test expects; whatever is not expected exits 127. Effects are written down. */
public final class FakeHost implements Host {

    private final NodeName name;
    private final List<String> effects;
    public final TreeMap<String, byte[]> files = new TreeMap<>();
    public final TreeMap<String, FileAttributes> attributes = new TreeMap<>();
    public final Map<String, Supplier<CommandOutput>> answers = new LinkedHashMap<>();
    public final Map<String, Function<Job, JobOutcome>> jobs = new LinkedHashMap<>();
    public final Map<String, String> pages = new LinkedHashMap<>();
    public final Map<String, JobOutcome> claimed = new LinkedHashMap<>();
    public final List<Job> started = new ArrayList<>();
    public boolean dead;
    public Duration skew = Duration.ZERO;

    FakeHost(NodeName name, List<String> effects) {
        this.name = name;
        this.effects = effects;
    }

    public FakeHost says(String command, String out) {
        answers.put(command, () -> new CommandOutput(0, out + "\n", ""));
        return this;
    }

    public FakeHost fails(String command, int exit, String err) {
        answers.put(command, () -> new CommandOutput(exit, "", err));
        return this;
    }

    public FakeHost file(String path, String content) {
        files.put(path, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** The job whose command line begins so; it ends well and does this. */
    public FakeHost job(String command, Runnable effect) {
        jobs.put(command, job -> {
            effect.run();
            return ended(0, "");
        });
        return this;
    }

    public static JobOutcome ended(int exit, String output) {
        return new JobOutcome(true, exit, output, "", false);
    }

    public static JobOutcome lost() {
        return new JobOutcome(false, -1, "", "", false);
    }

    public String text(String path) {
        return new String(files.get(path), StandardCharsets.UTF_8);
    }

    @Override
    public NodeName node() {
        return name;
    }

    @Override
    public CommandOutput run(Command command) {
        reach();
        String line = String.join(" ", command.argv());
        if (command.root() && changes(command.argv())) {
            effects.add(name + ": " + line);
        }
        Supplier<CommandOutput> answer = answers.get(line);
        return answer == null ? new CommandOutput(127, "", line + ": not expected") : answer.get();
    }

    private static boolean changes(List<String> argv) {
        return !List.of("id", "df", "apt-cache").contains(argv.get(0))
                && !argv.contains("showhold")
                && !argv.contains("is-active");
    }

    @Override
    public Optional<byte[]> read(String path) {
        reach();
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public void write(String path, byte[] content, FileAttributes mode) {
        reach();
        effects.add(name + ": write " + path);
        files.put(path, content.clone());
        attributes.put(path, mode);
    }

    @Override
    public void upload(String path, Content content, FileAttributes mode) {
        try (InputStream in = content.open()) {
            write(path, in.readAllBytes(), mode);
        } catch (IOException e) {
            throw StepFailure.of(FailureKind.PERMANENT, "CONTENT_UNREADABLE", path + ": " + e.getMessage(), "look");
        }
    }

    @Override
    public void remove(String path) {
        reach();
        if (files.remove(path) != null) {
            effects.add(name + ": remove " + path);
        }
    }

    @Override
    public void move(String from, String to) {
        reach();
        byte[] content = files.remove(from);
        if (content == null) {
            throw StepFailure.of(FailureKind.PERMANENT, "FILE_REFUSED", from + " is not there", "look at it");
        }
        effects.add(name + ": move " + from + " to " + to);
        files.put(to, content);
    }

    @Override
    public List<X509Certificate> presented(String address, int port) {
        reach();
        throw StepFailure.of(FailureKind.TRANSIENT, "TLS_FAILED", address + ":" + port + " is silent", "look there");
    }

    @Override
    public List<FileEntry> list(List<String> paths) {
        reach();
        return files.entrySet().stream()
                .filter(file -> paths.stream()
                        .anyMatch(path ->
                                file.getKey().equals(path) || file.getKey().startsWith(path + "/")))
                .map(file -> new FileEntry(
                        file.getKey(),
                        attributes.getOrDefault(file.getKey(), FileAttributes.ROOT_ONLY),
                        file.getValue().length,
                        FakeEvidence.sha256(file.getValue()),
                        ""))
                .toList();
    }

    @Override
    public JobOutcome job(Job job, Runnable heartbeat) {
        reach();
        JobOutcome before = claimed.get(job.key());
        if (before != null) {
            return new JobOutcome(before.known(), before.exit(), before.output(), before.sha256(), true);
        }
        String line = String.join(" ", job.argv());
        effects.add(name + ": " + line);
        started.add(job);
        JobOutcome outcome = jobs.entrySet().stream()
                .filter(entry -> line.startsWith(entry.getKey()))
                .findFirst()
                .map(entry -> entry.getValue().apply(job))
                .orElseGet(() -> ended(127, line + ": not expected"));
        claimed.put(job.key(), outcome);
        return outcome;
    }

    @Override
    public boolean hasJob(String key) {
        reach();
        return claimed.containsKey(key);
    }

    @Override
    public Optional<byte[]> fetch(URI address) {
        reach();
        if (pages.isEmpty()) {
            throw StepFailure.of(
                    FailureKind.TRANSIENT, "FETCH_FAILED", address + " gave no page by way of " + name, "look there");
        }
        return Optional.ofNullable(pages.get(address.toString())).map(page -> page.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Duration clockSkew() {
        reach();
        return skew;
    }

    private void reach() {
        if (dead) {
            throw StepFailure.of(
                    FailureKind.TRANSIENT,
                    "UNREACHABLE",
                    name + " cannot be reached by SSH",
                    "look at the node " + name);
        }
    }
}
