package dev.belay.activities.steps.etcd;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One member's restore. All members of a cluster are restored from one file with the same peers, token and bump.
 *
 * @param snapshot the file on the node, whole, with its trailer
 * @param name the member's
 * @param peers every member's peer URL by name
 * @param token new, and the same for all members
 * @param dataDir must not be there yet; its folder must
 * @param bumpRevision by how much the revision goes on, with everything before marked compacted so that watches end with an error; 0 leaves
 *     both alone
 */
public record SnapshotRestore(
        String snapshot, String name, Map<String, String> peers, String token, String dataDir, long bumpRevision) {

    public SnapshotRestore {
        peers = new LinkedHashMap<>(peers);
        if (!peers.containsKey(name)) {
            throw new IllegalArgumentException("the peers " + peers.keySet() + " lack the member " + name);
        }
    }

    String initialCluster() {
        return peers.entrySet().stream()
                .map(peer -> peer.getKey() + "=" + peer.getValue())
                .collect(Collectors.joining(","));
    }
}
