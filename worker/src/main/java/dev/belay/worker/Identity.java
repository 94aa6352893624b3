package dev.belay.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Who acts, as recorded. */
public final class Identity {

    private Identity() {}

    /** {@code user@host}. */
    public static String actor() {
        return System.getProperty("user.name", "unknown") + "@" + host();
    }

    /** {@code user@host/belay-version/pid}: what Temporal records of every client and worker, so that two workers of one machine differ. */
    public static String client() {
        return actor() + "/belay-" + Release.version() + "/"
                + ProcessHandle.current().pid();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
