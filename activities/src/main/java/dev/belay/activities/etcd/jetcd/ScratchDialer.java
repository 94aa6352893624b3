package dev.belay.activities.etcd.jetcd;

import dev.belay.model.kubernetes.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The way to any port of a node's loopback. */
@FunctionalInterface
public interface ScratchDialer {

    /** For a node that is this machine. */
    ScratchDialer HERE =
            (node, port) -> new Way(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), () -> {});

    Way dial(NodeName node, int port);

    /** An address on this machine that leads there, and how to give it up. */
    record Way(InetSocketAddress address, Runnable end) {}
}
