/** The hosts over SSH: sshj against OpenSSH, sudo without a terminal, files as root, jobs that outlive us. */
@NullMarked
package dev.belay.activities.host.ssh;

import org.jspecify.annotations.NullMarked;
