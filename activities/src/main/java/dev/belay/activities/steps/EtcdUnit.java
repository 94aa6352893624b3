package dev.belay.activities.steps;

import dev.belay.activities.StepContext;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.Host;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * A member of an external etcd as a unit of systemd, which a run stops and starts again. While it is stopped a drop-in of the run keeps it so,
 * whoever starts it and through a boot of the host: a member that came up with other data than the rest would be worse than one that is down.
 */
public final class EtcdUnit {

    private static final String DROP_INS = "/etc/systemd/system/" + EtcdSettings.UNIT + ".d";
    private static final Duration STOPPING = Duration.ofMinutes(3);
    private static final Duration STARTED = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final StepContext context;
    private final Host host;

    public EtcdUnit(StepContext context, Host host) {
        this.context = context;
        this.host = host;
    }

    /** Stops it, and keeps it stopped. */
    public void stop() {
        must("mkdir", "-p", "-m", "0755", DROP_INS);
        host.write(dropIn(), text().getBytes(StandardCharsets.UTF_8), FileAttributes.ROOT_READABLE);
        must("systemctl", "daemon-reload");
        must("systemctl", "stop", EtcdSettings.UNIT);
        await("ETCD_STAYS", STOPPING)
                .until(() ->
                        isActive() ? List.of(EtcdSettings.UNIT + " of " + host.node() + " still runs") : List.of());
    }

    /** Says whether this run keeps it stopped, or has told it to join. */
    public boolean isHeld() {
        return isThere(dropIn()) || joins();
    }

    /** Says whether this run has told it to join the others when it starts next. */
    public boolean joins() {
        return isThere(joining());
    }

    /** Lets it join the others when it starts next; what it is told otherwise stays in its own files. */
    public void tellToJoin(String text) {
        host.write(joining(), text.getBytes(StandardCharsets.UTF_8), FileAttributes.ROOT_READABLE);
    }

    /** From its next start on it is told what its own files say. */
    public void forgetJoining() {
        host.remove(joining());
        must("systemctl", "daemon-reload");
    }

    /** Lets it run again. It does not wait for the others, without which no member is ready. */
    public void start() {
        host.remove(dropIn());
        must("systemctl", "daemon-reload");
        must("systemctl", "start", "--no-block", EtcdSettings.UNIT);
    }

    /** Waits until the process runs, which may not be ready yet. */
    public void awaitStarted() {
        await("ETCD_DOWN", STARTED)
                .until(() ->
                        isStarted() ? List.of() : List.of(EtcdSettings.UNIT + " of " + host.node() + " does not run"));
    }

    private boolean isActive() {
        return !List.of("inactive", "failed").contains(state());
    }

    private boolean isStarted() {
        return List.of("active", "activating").contains(state());
    }

    private String state() {
        return host.run(Command.root("systemctl", "is-active", EtcdSettings.UNIT))
                .out()
                .strip();
    }

    private boolean isThere(String path) {
        return !host.list(List.of(path)).isEmpty();
    }

    private String joining() {
        return DROP_INS + "/" + context.mark() + "-joins.conf";
    }

    private String dropIn() {
        return dropIn(context.mark());
    }

    /** What keeps the unit stopped while the run with this mark has the member's data in hand. */
    public static String dropIn(String mark) {
        return DROP_INS + "/" + mark + ".conf";
    }

    private String text() {
        return "# Belay run " + context.call().run()
                + " has this member's data in hand: it must not start before the run starts it.\n"
                + "# To start it all the same: remove this file, systemctl daemon-reload, systemctl start "
                + EtcdSettings.UNIT + "\n"
                + "[Unit]\nConditionPathExists=/nonexistent/stopped-by-" + context.mark() + "\n";
    }

    private Await await(String code, Duration limit) {
        return new Await(context, limit, PAUSE, code, "`journalctl -u " + EtcdSettings.UNIT + "` on " + host.node());
    }

    private void must(String... argv) {
        RootCommand.run(host, STOPPING, "`systemctl status " + EtcdSettings.UNIT + "` on " + host.node(), argv);
    }
}
