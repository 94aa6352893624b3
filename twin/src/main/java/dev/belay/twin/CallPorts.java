package dev.belay.twin;

import dev.belay.activities.Ports;
import dev.belay.activities.StepClock;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.evidence.Evidence;
import dev.belay.activities.host.Hosts;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.model.inventory.Cluster;

/** The ports of one call on the simulated cluster. */
record CallPorts(Session session) implements Ports {

    @Override
    public Cluster inventory() {
        return session.world().inventory();
    }

    @Override
    public Hosts hosts() {
        return node -> new TwinHost(session, session.world().machine(node));
    }

    @Override
    public EtcdCluster etcd() {
        return new TwinEtcd(session);
    }

    @Override
    public KubeCluster kube() {
        return new TwinKube(session);
    }

    @Override
    public Evidence evidence() {
        return new TwinEvidence(session);
    }

    @Override
    public StepClock clock() {
        return session.clock();
    }

    @Override
    public void close() {
        session.faults().afterCall();
    }
}
