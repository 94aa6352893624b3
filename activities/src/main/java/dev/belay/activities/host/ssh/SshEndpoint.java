package dev.belay.activities.host.ssh;

import dev.belay.model.inventory.Reference;

/**
 * Where and as whom we connect.
 *
 * @param label how messages name it: the node, or "bastion"
 */
record SshEndpoint(String label, String address, int port, String user, Reference key) {

    /** sudo is not needed, and may not be there, for a login as root. */
    boolean isRoot() {
        return user.equals("root");
    }

    @Override
    public String toString() {
        return label + " (" + user + "@" + address + ":" + port + ")";
    }
}
