package dev.belay.activities.host;

import dev.belay.model.kubernetes.NodeName;

/** The hosts of one cluster; connections are opened on first use and kept for the run. */
public interface Hosts {

    /** Never connects by itself. An unknown node is a PERMANENT failure naming the inventory. */
    Host on(NodeName node);
}
