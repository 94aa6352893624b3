package dev.belay.activities.host.ssh;

import java.time.Duration;

/**
 * How long things may take.
 *
 * @param connect TCP, and again sshd's greeting
 * @param handshake from the first byte to an authenticated connection, in all
 * @param answer for a channel or a request on a living connection
 * @param probe between two looks at an idle connection
 * @param silence of a probed peer, after which the socket is closed
 * @param patience a job is followed that long without any contact before its caller hears of it
 */
public record SshTiming(
        Duration connect, Duration handshake, Duration answer, Duration probe, Duration silence, Duration patience) {

    public static final SshTiming DEFAULT = new SshTiming(
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(15),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(45));
}
