package dev.belay.twin;

import dev.belay.activities.StepFailure;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import dev.belay.twin.machine.JobFaults;
import java.util.Optional;

/** The faults that hold for one call. Those of the world itself are in the world already. */
final class CallFaults {

    private final JobFaults jobs;
    private final Optional<SshCut> ssh;
    private final Runnable kill;

    CallFaults(JobFaults jobs, Optional<SshCut> ssh, Runnable kill) {
        this.jobs = jobs;
        this.ssh = ssh;
        this.kill = kill;
    }

    static CallFaults none() {
        return new CallFaults(JobFaults.NONE, Optional.empty(), () -> {});
    }

    JobFaults jobs() {
        return jobs;
    }

    void reach(NodeName node) {
        ssh.ifPresent(cut -> cut.reach(node));
    }

    /** After a look at a host. */
    void looked(NodeName node) {
        ssh.filter(cut -> cut.onLooks).ifPresent(cut -> cut.lose(node));
    }

    /** After a change on a host, or the start of a job, before its answer. */
    void changed(NodeName node) {
        ssh.ifPresent(cut -> cut.lose(node));
    }

    void afterEffect() {
        kill.run();
    }

    void afterCall() {
        kill.run();
    }

    /** A connection that is lost once, in the middle of something, and then stays away. */
    static final class SshCut {
        private final Optional<NodeName> only;
        private final boolean onLooks;
        private boolean away;

        /**
         * @param only the node it happens to; empty for whichever is reached first
         * @param onLooks already a look loses it, for steps that change nothing on a host
         */
        SshCut(Optional<NodeName> only, boolean onLooks) {
            this.only = only;
            this.onLooks = onLooks;
        }

        synchronized void reach(NodeName node) {
            if (away && isFor(node)) {
                throw StepFailure.of(
                        FailureKind.TRANSIENT,
                        "UNREACHABLE",
                        node + " cannot be reached by SSH: No route to host",
                        "look at the network between the worker and " + node + ", then retry");
            }
        }

        synchronized void lose(NodeName node) {
            if (!away && isFor(node)) {
                away = true;
                throw StepFailure.of(
                        FailureKind.TRANSIENT,
                        "CONNECTION_LOST",
                        "the connection to " + node + " was lost before the answer came",
                        "look at the network between the worker and " + node + ", then retry");
            }
        }

        private boolean isFor(NodeName node) {
            return only.map(node::equals).orElse(true);
        }
    }
}
