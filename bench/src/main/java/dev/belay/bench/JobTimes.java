package dev.belay.bench;

import dev.belay.activities.Secrets;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Cluster.HostEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long the durable jobs of a run took, as the nodes wrote it down: from {@code started} to {@code rc}. Reads only. */
final class JobTimes {

    private static final String FOLDER = "/var/lib/belay/jobs";

    private JobTimes() {}

    /** A job that has ended. */
    record Job(String node, String name, Duration took) {}

    static List<Job> of(Cluster cluster, Secrets secrets, String run) {
        List<Job> jobs = new ArrayList<>();
        try (SshHosts hosts = new SshHosts(cluster, secrets)) {
            for (HostEntry entry : cluster.hosts()) {
                String found = hosts.on(entry.node())
                        .run(Command.root(
                                "find", FOLDER, "-path", "*belay-" + run + "-*", "-type", "f", "-printf", "%T@ %P\\n"))
                        .out();
                jobs.addAll(read(entry.node().value(), found));
            }
        }
        return jobs;
    }

    private static List<Job> read(String node, String found) {
        Map<String, Double> started = new LinkedHashMap<>();
        Map<String, Double> ended = new LinkedHashMap<>();
        found.lines()
                .map(line -> line.split("[ /]", 3))
                .filter(words -> words.length == 3)
                .forEach(words -> {
                    if (words[2].equals("started")) {
                        started.put(words[1], Double.valueOf(words[0]));
                    }
                    if (words[2].equals("rc")) {
                        ended.put(words[1], Double.valueOf(words[0]));
                    }
                });
        List<Job> jobs = new ArrayList<>();
        ended.forEach((name, end) -> {
            Double start = started.get(name);
            if (start != null) {
                jobs.add(new Job(node, name, Duration.ofMillis(Math.round((end - start) * 1000))));
            }
        });
        return jobs;
    }
}
