package dev.belay.activities.host.ssh;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Job;
import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.host.ShellQuoting;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One call of one job: claim and start, follow, collect, acknowledge. Everything but the first contact is tried again for a while when
 * the connection goes away: each verb may be repeated, and what has arrived of the output says where to go on.
 */
final class JobFollower {

    private static final long BETWEEN_LOOKS_MILLIS = 500;

    private final JobRunner runner;
    private final SshTiming timing;
    private final Job job;
    private final JobId id;
    private final JobLog log = new JobLog();
    private boolean reached;
    private long failingSince;

    JobFollower(JobRunner runner, SshTiming timing, Job job) {
        this.runner = runner;
        this.timing = timing;
        this.job = job;
        this.id = JobId.of(job.key());
    }

    JobOutcome follow() {
        boolean rejoined = started();
        while (true) {
            patiently(() -> {
                runner.follow(id, log.length(), log, job.limit().plus(timing.patience()));
                return "";
            });
            List<String> state = patiently(() -> runner.state(id));
            if (!state.get(1).equals("running") && Long.parseLong(state.get(0)) <= log.length()) {
                patiently(() -> {
                    runner.acknowledge(id);
                    return "";
                });
                return outcome(state, rejoined);
            }
            pause();
        }
    }

    private boolean started() {
        byte[] script =
                ("exec " + ShellQuoting.withEnvironment(job.env(), job.argv()) + "\n").getBytes(StandardCharsets.UTF_8);
        List<String> answer = patiently(() -> {
            List<String> words = runner.start(id, script, job.limit());
            if (words.get(0).equals("truncated")) {
                throw SshFailures.lost(runner.endpoint(), "the claim of job " + job.key(), "");
            }
            return words;
        });
        return switch (answer.get(0)) {
            case "started" -> false;
            case "exists" -> true;
            case "busy" -> throw awaited(new JobId(answer.get(1)));
            case "mismatch" -> throw mismatch();
            default -> throw new IllegalStateException("the job runner answered " + answer);
        };
    }

    /** Another job changes the host: what our step saw before may be wrong by the time it ends, so the step has to look again. */
    private StepFailure awaited(JobId other) {
        while (patiently(() -> runner.state(other)).get(1).equals("running")) {
            pause();
        }
        return StepFailure.of(
                FailureKind.TRANSIENT,
                "HOST_BUSY",
                runner.endpoint() + ": another job, " + other.value() + ", was under way and has ended now",
                "nothing: the step looks again and goes on");
    }

    private StepFailure mismatch() {
        return StepFailure.of(
                FailureKind.PERMANENT,
                "JOB_MISMATCH",
                runner.endpoint() + ": job " + job.key()
                        + " was started before with another command, and is not run again",
                "retry the step, which gives it a new key");
    }

    private JobOutcome outcome(List<String> state, boolean rejoined) {
        boolean done = state.get(1).equals("done") && state.size() == 4;
        String how = done ? state.get(3) : state.get(1);
        boolean known = how.equals("exited") || how.equals("timeout");
        int exit = known ? exit(state.get(2)) : -1;
        return new JobOutcome(known, exit, log.tail(), log.sha256(), rejoined);
    }

    private static int exit(String status) {
        return status.matches("\\d{1,3}") ? Integer.parseInt(status) : 128 + ExitSignals.number(status);
    }

    private <T> T patiently(Supplier<T> action) {
        while (true) {
            try {
                T result = action.get();
                reached = true;
                failingSince = 0;
                return result;
            } catch (StepFailure e) {
                if (!worthWaiting(e)) {
                    throw e;
                }
                pause();
            }
        }
    }

    private boolean worthWaiting(StepFailure e) {
        failingSince = failingSince == 0 ? System.nanoTime() : failingSince;
        return reached
                && !Thread.currentThread().isInterrupted()
                && e.failure().kind() == FailureKind.TRANSIENT
                && System.nanoTime() - failingSince < timing.patience().toNanos();
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw SshFailures.interrupted(runner.endpoint(), "job " + job.key());
        }
    }
}
