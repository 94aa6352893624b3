package dev.belay.twin.machine;

import dev.belay.activities.host.Job;
import dev.belay.activities.host.JobOutcome;
import dev.belay.twin.time.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The detached jobs of one node: at most one process per key, whoever asks and however often. */
public final class Jobs {

    private static final int SIGTERM = 15;
    private static final int TAIL = 64 * 1024;

    private final VirtualTime time;
    private final Map<String, HostProcess> byKey = new TreeMap<>();

    private final Map<String, List<String>> argvs = new TreeMap<>();

    Jobs(VirtualTime time) {
        this.time = time;
    }

    public boolean knows(String key) {
        return byKey.containsKey(key);
    }

    /** Says whether the job of this key is this one. */
    public boolean isSame(Job job) {
        return job.argv().equals(argvs.get(job.key()));
    }

    /** Claims the key and starts the program. */
    public void start(Job job, List<Consumer<HostProcess>> program) {
        HostProcess process = new HostProcess(time, program);
        byKey.put(job.key(), process);
        argvs.put(job.key(), job.argv());
        process.start();
        time.after(job.limit(), () -> process.kill(SIGTERM));
    }

    /** Empty while it runs. */
    public Optional<JobOutcome> outcome(String key, boolean rejoined) {
        HostProcess process = byKey.get(key);
        if (process == null || process.isRunning()) {
            return Optional.empty();
        }
        String whole = process.output();
        String tail = whole.substring(Math.max(0, whole.length() - TAIL));
        String sha256 = Files.sha256(whole.getBytes(StandardCharsets.UTF_8));
        return Optional.of(new JobOutcome(!process.isLost(), process.exitCode().orElse(-1), tail, sha256, rejoined));
    }

    void loseAll() {
        byKey.values().forEach(HostProcess::lose);
    }
}
