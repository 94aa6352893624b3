package dev.belay.activities.steps;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Job;
import dev.belay.activities.host.JobOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Remote jobs of one step, several tries of one command if need be. A key never runs twice, so each try has a key of its own, numbered: a
 * later attempt of the step walks over the same tries, finds how they ended, and goes on where the earlier one was. Only a try that never
 * began may be found needless; one that did is followed to its end, since a command's work is half visible while it runs. A person's retry
 * has new keys, so it follows first whatever the retries before it began.
 */
public record Jobs(StepContext context, Duration limit) {

    private static final Duration PAUSE = Duration.ofSeconds(20);
    private static final JobOutcome NEEDLESS = new JobOutcome(true, 0, "", "", false);

    /**
     * A command of a step.
     *
     * @param name tells the step's commands apart
     */
    public record Task(String name, List<String> argv, Map<String, String> env, int tries) {}

    /** How a command ended. {@code ran} is false when it was found needless. */
    public record Ended(boolean ran, JobOutcome outcome) {}

    /** The command was begun by an earlier attempt, or by an earlier retry of a person. */
    public boolean begun(String name) {
        for (int redo = 0; redo <= context.call().redo(); redo++) {
            if (context.host().hasJob(key(name, redo, 1))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Runs a command until another try would not help.
     *
     * @param needless looked at before each try
     * @param mendable trying again may help and cannot hurt
     */
    public Ended run(Task task, BooleanSupplier needless, Predicate<JobOutcome> mendable) {
        boolean clear = settle(task);
        int redo = context.call().redo();
        JobOutcome outcome = NEEDLESS;
        for (int each = 1; each <= task.tries(); each++) {
            String key = key(task.name(), redo, each);
            boolean begun = context.host().hasJob(key);
            if (!begun && (clear || each > 1) && needless.getAsBoolean()) {
                return new Ended(false, NEEDLESS);
            }
            if (!begun && each > 1) {
                context.clock().sleep(PAUSE);
            }
            outcome = follow(task, key);
            if (!mendable.test(outcome)) {
                break;
            }
        }
        return new Ended(true, outcome);
    }

    /** False when an earlier job is there and cannot be followed, since its command was another one. */
    private boolean settle(Task task) {
        Host host = context.host();
        for (int redo = 0; redo < context.call().redo(); redo++) {
            for (int each = 1; each <= task.tries() && host.hasJob(key(task.name(), redo, each)); each++) {
                try {
                    follow(task, key(task.name(), redo, each));
                } catch (StepFailure e) {
                    if (!e.failure().code().equals("JOB_MISMATCH")) {
                        throw e;
                    }
                    return false;
                }
            }
        }
        return true;
    }

    private JobOutcome follow(Task task, String key) {
        return context.host().job(new Job(key, task.argv(), task.env(), limit), context.heartbeat());
    }

    private String key(String name, int redo, int each) {
        String key = context.call().key();
        return key.substring(0, key.lastIndexOf('/') + 1) + redo + "/" + name + "-" + each;
    }
}
