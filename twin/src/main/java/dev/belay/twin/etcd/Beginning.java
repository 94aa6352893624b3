package dev.belay.twin.etcd;

import java.util.List;

/**
 * How a process of etcd begins.
 *
 * @param name and {@code peerUrls}: its own
 * @param members {@code name=url} of all, as {@code --initial-cluster} has them
 * @param existing it joins the others instead of beginning a cluster
 */
public record Beginning(
        String version,
        DataDirectory directory,
        String name,
        List<String> peerUrls,
        List<String> members,
        boolean existing) {

    public Beginning {
        peerUrls = List.copyOf(peerUrls);
        members = List.copyOf(members);
    }

    /** Of a member that goes on with the data it has. */
    public static Beginning again(String version, DataDirectory directory, String name) {
        return new Beginning(version, directory, name, List.of(), List.of(), false);
    }
}
