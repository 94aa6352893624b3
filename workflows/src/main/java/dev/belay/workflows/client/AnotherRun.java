package dev.belay.workflows.client;

import java.time.Instant;

/** The cluster has a run already; two at once would upgrade it against each other. */
public final class AnotherRun extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String run;
    private final String author;
    private final Instant since;

    AnotherRun(String cluster, String run, String author, Instant since) {
        super("run " + run + " of " + author + " has been under way on cluster " + cluster + " since " + since
                + "; look at it with: belay show " + run);
        this.run = run;
        this.author = author;
        this.since = since;
    }

    public String run() {
        return run;
    }

    public String author() {
        return author;
    }

    public Instant since() {
        return since;
    }
}
