package dev.belay.twin;

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
import dev.belay.twin.machine.AptGet;
import dev.belay.twin.machine.Files;
import dev.belay.twin.machine.HostProcess;
import dev.belay.twin.machine.Machine;
import dev.belay.twin.machine.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The SSH endpoint of a simulated node. */
final class TwinHost implements Host {

    private static final Duration FOLLOW = Duration.ofSeconds(2);
    private static final Duration RESTORING = Duration.ofSeconds(1);

    private final Session session;
    private final Machine machine;

    TwinHost(Session session, Machine machine) {
        this.session = session;
        this.machine = machine;
    }

    @Override
    public NodeName node() {
        return machine.name();
    }

    @Override
    public CommandOutput run(Command command) {
        List<String> argv = command.argv();
        long second = session.clock().now().plus(machine.traits().skew()).getEpochSecond();
        Supplier<CommandOutput> answer = () -> new Shell(machine).run(argv, command.root(), second);
        if (!Shell.changes(argv)) {
            return look(answer);
        }
        return change(String.join(" ", argv), answer, CommandOutput::ok);
    }

    @Override
    public Optional<byte[]> read(String path) {
        return look(() -> machine.files().read(path));
    }

    @Override
    public void write(String path, byte[] content, FileAttributes attributes) {
        change(
                "write " + path,
                () -> {
                    if (!machine.files().isFolder(Files.parent(path))) {
                        throw StepFailure.of(
                                FailureKind.PERMANENT,
                                "FILE_REFUSED",
                                node() + ": " + path + " cannot be written: No such file or directory",
                                "make the folder " + Files.parent(path) + " on " + node());
                    }
                    return machine.files().write(path, content, attributes);
                },
                written -> written);
    }

    @Override
    public void upload(String path, Content content, FileAttributes attributes) {
        byte[] bytes;
        try (InputStream in = content.open()) {
            bytes = in.readAllBytes();
        } catch (IOException e) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "CONTENT_UNREADABLE",
                    "what should become " + path + " on " + node() + " cannot be read: " + e.getMessage(),
                    "look at the store it comes from");
        }
        write(path, bytes, attributes);
    }

    @Override
    public void remove(String path) {
        change("remove " + path, () -> machine.files().remove(path), removed -> removed);
    }

    @Override
    public void move(String from, String to) {
        change(
                "move " + from + " to " + to,
                () -> {
                    if (!machine.files().exists(from) || !machine.files().isFolder(Files.parent(to))) {
                        throw StepFailure.of(
                                FailureKind.PERMANENT,
                                "FILE_REFUSED",
                                node() + ": moving " + from + " to " + to + " failed: No such file or directory",
                                "look at " + from + " and at the folder of " + to + " on " + node());
                    }
                    machine.files().move(from, to);
                    return true;
                },
                moved -> moved);
    }

    @Override
    public List<X509Certificate> presented(String address, int port) {
        return look(() -> new TlsServers(session.world())
                .presented(machine, address, port)
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.TRANSIENT,
                        "TLS_FAILED",
                        address + ":" + port + " gave no TLS handshake by way of " + node() + ": Connection refused",
                        "look on " + node() + " whether something listens there")));
    }

    @Override
    public List<FileEntry> list(List<String> paths) {
        return look(() -> machine.files().list(paths));
    }

    @Override
    public JobOutcome job(Job job, Runnable heartbeat) {
        boolean rejoined = look(() -> machine.jobs().knows(job.key()));
        if (!rejoined) {
            start(job);
        } else if (!look(() -> machine.jobs().isSame(job))) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "JOB_MISMATCH",
                    node() + ": job " + job.key() + " was started before with another command, and is not run again",
                    "retry the step, which gives it a new key");
        }
        return followed(job.key(), rejoined, heartbeat);
    }

    private void start(Job job) {
        change(
                String.join(" ", job.argv()),
                () -> {
                    machine.jobs().start(job, program(job));
                    return true;
                },
                started -> started);
    }

    private JobOutcome followed(String key, boolean rejoined, Runnable heartbeat) {
        while (true) {
            Optional<JobOutcome> outcome = look(() -> machine.jobs().outcome(key, rejoined));
            if (outcome.isPresent()) {
                return outcome.get();
            }
            session.clock().follow(FOLLOW);
            heartbeat.run();
        }
    }

    private List<Consumer<HostProcess>> program(Job job) {
        List<String> argv = job.argv();
        if (!Shell.isProgram(argv)) {
            return List.of(process -> {
                process.say("sh: 1: " + argv.get(0) + ": not found");
                process.exit(127);
            });
        }
        if (argv.get(0).equals("apt-get")) {
            return new AptGet(machine).program(argv);
        }
        if (List.of("ctr", "etcdutl").contains(argv.get(0))) {
            return List.of(process -> process.pause(RESTORING), process -> asJob(process, argv));
        }
        if (argv.get(1).equals("certs")) {
            return session.world().kubeadm().certs(machine, argv.subList(2, argv.size()));
        }
        return session.world()
                .kubeadm()
                .upgrade(machine, argv.subList(2, argv.size()), session.faults().jobs());
    }

    private void asJob(HostProcess process, List<String> argv) {
        CommandOutput output = new Shell(machine).run(argv, true, process.now().getEpochSecond());
        process.say((output.out() + output.err()).stripTrailing());
        process.exit(output.exit());
    }

    @Override
    public boolean hasJob(String key) {
        return look(() -> machine.jobs().knows(key));
    }

    @Override
    public Optional<byte[]> fetch(URI address) {
        return look(() -> {
            if (!machine.packages().isServed(address)) {
                throw StepFailure.of(
                        FailureKind.TRANSIENT,
                        "FETCH_FAILED",
                        address + " gave no page by way of " + node() + ": the connection ended without an answer",
                        "look from " + node() + " whether it answers");
            }
            return machine.packages().page(address);
        });
    }

    @Override
    public Duration clockSkew() {
        return look(() -> machine.traits().skew());
    }

    private <T> T look(Supplier<T> question) {
        reach();
        T answer = session.look(question);
        session.faults().looked(node());
        return answer;
    }

    private <T> T change(String what, Supplier<T> change, Predicate<T> changed) {
        reach();
        T answer = session.act(node() + ": " + what, change, changed);
        session.faults().changed(node());
        return answer;
    }

    private void reach() {
        session.mustLive();
        session.faults().reach(node());
        if (!session.look(machine::isPowered)) {
            throw StepFailure.of(
                    FailureKind.TRANSIENT,
                    "UNREACHABLE",
                    node() + " cannot be reached by SSH: No route to host",
                    "look whether " + node() + " is powered on");
        }
    }
}
