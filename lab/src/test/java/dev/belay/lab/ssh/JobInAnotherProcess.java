package dev.belay.lab.ssh;

import dev.belay.activities.host.Job;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.lab.LabCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A process that follows a job, to be killed. Arguments: the key, then the command. */
final class JobInAnotherProcess {

    private JobInAnotherProcess() {}

    public static void main(String[] arguments) {
        List<String> argv = List.of(arguments).subList(1, arguments.length);
        try (SshHosts hosts = LabCluster.hosts()) {
            hosts.on(LabCluster.node()).job(job(arguments[0], argv), () -> {});
        }
    }

    static Job job(String key, List<String> argv) {
        return new Job(key, argv, Map.of(), Duration.ofMinutes(2));
    }

    static Process start(String key, List<String> argv) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                JobInAnotherProcess.class.getName(),
                key));
        command.addAll(argv);
        return new ProcessBuilder(command).inheritIO().start();
    }
}
