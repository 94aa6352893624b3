package dev.belay.activities.steps.member;

import java.util.Optional;

/** How the member of a place is stopped, and started so that it joins the others: a static pod, or a unit of systemd. */
interface MemberProcess {

    /** Says whether this run has stopped it. */
    boolean isHeld();

    /** Stops it, keeps it stopped, and waits until it is gone. */
    void stop();

    /** Says whether it was told to join; until then whoever bears its name is the dead one. */
    boolean joins();

    /**
     * Tells it to join when it starts.
     *
     * @param members {@code name=url} of all, as {@code --initial-cluster} has them
     */
    void tellToJoin(String members);

    /** Starts it where nobody else does, and waits until its process runs, which may not be ready. */
    void awaitStarted();

    /** Removes what the run needed to stop and to start it. */
    void release();

    /** What it is told. */
    Optional<String> flag(String name);

    /** Where it is told that. */
    String source();

    /** As whom it runs. */
    String user();

    /** Where a person reads why it does not run. */
    String log();
}
