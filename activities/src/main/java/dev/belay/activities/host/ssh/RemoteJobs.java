package dev.belay.activities.host.ssh;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Job;
import dev.belay.activities.host.JobOutcome;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Jobs of one host. The caller's thread does nothing but call its heartbeat; when that throws, we let go and the job runs on. */
final class RemoteJobs {

    private final JobRunner runner;
    private final ExecutorService threads;
    private final SshTiming timing;

    RemoteJobs(JobRunner runner, ExecutorService threads, SshTiming timing) {
        this.runner = runner;
        this.threads = threads;
        this.timing = timing;
    }

    boolean exists(String key) {
        return runner.exists(JobId.of(key));
    }

    JobOutcome run(Job job, Runnable heartbeat) {
        heartbeat.run();
        Future<JobOutcome> outcome = threads.submit(new JobFollower(runner, timing, job)::follow);
        try {
            return beating(outcome, heartbeat);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw SshFailures.interrupted(runner.endpoint(), "job " + job.key());
        } finally {
            outcome.cancel(true);
        }
    }

    private static JobOutcome beating(Future<JobOutcome> outcome, Runnable heartbeat) throws InterruptedException {
        while (true) {
            try {
                return outcome.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException stillRunning) {
                heartbeat.run();
            } catch (ExecutionException e) {
                throw unwrapped(e);
            }
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        return e.getCause() instanceof StepFailure failure
                ? new StepFailure(failure.failure())
                : new IllegalStateException("a job could not be followed", e.getCause());
    }
}
