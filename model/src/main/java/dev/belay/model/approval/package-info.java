/** Approvals that are proven: people, their SSH keys, and signatures in OpenSSH's format over a text that a person can read. */
@NullMarked
package dev.belay.model.approval;

import org.jspecify.annotations.NullMarked;
