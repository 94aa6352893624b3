package dev.belay.lab.ssh;

import dev.belay.activities.host.Command;
import dev.belay.activities.host.Host;
import java.util.UUID;

/** A folder of root's on a real node for one test class; nothing is left of it, nor of the jobs named after it. */
final class ScratchFolder implements AutoCloseable {

    private final Host host;
    private final String name = "belay-test-" + UUID.randomUUID().toString().substring(0, 8);

    ScratchFolder(Host host) {
        this.host = host;
        run("mkdir", "-p", path());
    }

    String path() {
        return "/var/tmp/" + name;
    }

    String newKey() {
        return name + "/" + UUID.randomUUID();
    }

    @Override
    public void close() {
        run("rm", "-rf", path());
        run("sh", "-c", "rm -rf /var/lib/belay/jobs/belay-" + name + "-*");
    }

    private void run(String... argv) {
        if (!host.run(Command.root(argv)).ok()) {
            throw new IllegalStateException("the node refuses " + String.join(" ", argv));
        }
    }
}
