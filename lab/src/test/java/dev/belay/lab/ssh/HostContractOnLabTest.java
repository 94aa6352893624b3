package dev.belay.lab.ssh;

import dev.belay.activities.contract.HostContract;
import dev.belay.activities.host.Hosts;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.lab.LabCluster;
import dev.belay.model.inventory.Cluster.Packages;
import dev.belay.model.kubernetes.NodeName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** The contract on a node of a real cluster. */
@Tag("lab-cluster")
@Timeout(300)
class HostContractOnLabTest extends HostContract {

    private static SshHosts hosts;
    private static ScratchFolder scratch;

    @BeforeAll
    static void connect() {
        hosts = LabCluster.hosts();
        scratch = new ScratchFolder(hosts.on(LabCluster.node()));
    }

    @AfterAll
    static void leaveNoTrace() {
        if (hosts != null) {
            scratch.close();
            hosts.close();
        }
    }

    @Override
    protected Hosts hosts() {
        return hosts;
    }

    @Override
    protected NodeName node() {
        return LabCluster.node();
    }

    @Override
    protected String folder() {
        return scratch.path();
    }

    @Override
    protected Packages packages() {
        return LabCluster.inventory().packages();
    }

    @Override
    protected String newKey() {
        return scratch.newKey();
    }

    @Override
    protected void cutConnection() {
        hosts.cut(node());
    }
}
