package dev.belay.activities.etcd.jetcd;

import dev.belay.model.kubernetes.NodeName;
import java.net.InetSocketAddress;

/** The way to a node's etcd: an address on this machine that leads to 127.0.0.1:2379 on the node. Throws StepFailure when there is none. */
@FunctionalInterface
public interface EtcdDialer {

    InetSocketAddress dial(NodeName node);
}
