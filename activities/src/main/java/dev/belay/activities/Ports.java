package dev.belay.activities;

import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.evidence.Evidence;
import dev.belay.activities.host.Hosts;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.model.inventory.Cluster;

/** One cluster as a worker reaches it: real, or the twin. */
public interface Ports extends AutoCloseable {

    Cluster inventory();

    Hosts hosts();

    EtcdCluster etcd();

    KubeCluster kube();

    Evidence evidence();

    StepClock clock();

    @Override
    void close();
}
