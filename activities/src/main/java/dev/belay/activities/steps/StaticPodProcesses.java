package dev.belay.activities.steps;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The containers of a node's static pods that have a living process, whatever the container runtime: the kubelet links each container's log
 * in {@code /var/log/containers} under pod, container and id, and a process says in its cgroup which container and pod it is of. No API and
 * no runtime's own tool is asked, so it can be read while both are away.
 */
public final class StaticPodProcesses {

    private static final String LOGS = "/var/log/containers";
    private static final Pattern LINK = Pattern.compile(LOGS + "/(.+)_kube-system_(.+)-([0-9a-f]{64})\\.log");
    private static final Pattern POD = Pattern.compile("/var/log/pods/kube-system_[^/]+_([0-9a-f-]{32,36})/.*");
    private static final Pattern PROCESS = Pattern.compile("\\s*(\\d+)\\s+(\\S.*)");

    /** A container that runs, and since when by the host's clock. */
    public record Running(String container, Instant since) {}

    private record Link(String pod, String component, String container, String uid) {}

    private record Task(long seconds, String cgroup) {}

    private final Host host;
    private final List<Link> links;
    private final List<Task> processes;
    private final Instant now;

    private StaticPodProcesses(Host host, List<Link> links, List<Task> processes, Instant now) {
        this.host = host;
        this.links = links;
        this.processes = processes;
        this.now = now;
    }

    public static StaticPodProcesses of(Host host) {
        List<Link> links = host.list(List.of(LOGS)).stream()
                .flatMap(entry -> link(entry).stream())
                .toList();
        List<Task> processes = new ArrayList<>();
        said(host, Command.root("ps", "-e", "-ww", "-o", "etimes=,cgroup:512="))
                .lines()
                .map(PROCESS::matcher)
                .filter(Matcher::matches)
                .forEach(line -> processes.add(new Task(Long.parseLong(line.group(1)), line.group(2))));
        String now = said(host, Command.of("date", "+%s")).strip();
        return new StaticPodProcesses(host, links, processes, Instant.ofEpochSecond(Long.parseLong(now)));
    }

    /** The container of a component that has a process. */
    public Optional<Running> running(String component) {
        return of(component).stream()
                .flatMap(link -> oldest(link.container())
                        .map(seconds -> new Running(link.container(), now.minus(Duration.ofSeconds(seconds))))
                        .stream())
                .findFirst();
    }

    /** No process is left of a component's container, nor of its pod's sandbox. */
    public boolean gone(String component) {
        return of(component).stream()
                .noneMatch(link -> oldest(link.container()).isPresent()
                        || oldest(link.uid()).isPresent()
                        || oldest(link.uid().replace('-', '_')).isPresent());
    }

    private List<Link> of(String component) {
        return links.stream()
                .filter(link -> link.component().equals(component) && link.pod().equals(component + "-" + host.node()))
                .toList();
    }

    private Optional<Long> oldest(String mark) {
        return processes.stream()
                .filter(process -> process.cgroup().contains(mark))
                .map(Task::seconds)
                .max(Long::compare);
    }

    private static Optional<Link> link(FileEntry entry) {
        Matcher name = LINK.matcher(entry.path());
        Matcher pod = POD.matcher(entry.link());
        return name.matches() && pod.matches()
                ? Optional.of(new Link(name.group(1), name.group(2), name.group(3), pod.group(1)))
                : Optional.empty();
    }

    private static String said(Host host, Command command) {
        CommandOutput output = host.run(command);
        if (!output.ok()) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "PROCESSES_UNKNOWN",
                    host.node() + ": `" + String.join(" ", command.argv()) + "` ended with " + output.exit() + ": "
                            + output.err().strip(),
                    "Belay finds the containers of static pods by it; install procps on " + host.node());
        }
        return output.out();
    }
}
