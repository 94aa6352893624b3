package dev.belay.activities.etcd;

import java.util.List;

/** A member of the list. */
public record EtcdMember(String id, String name, List<String> peerUrls, List<String> clientUrls, boolean learner) {

    public EtcdMember {
        peerUrls = List.copyOf(peerUrls);
        clientUrls = List.copyOf(clientUrls);
    }
}
