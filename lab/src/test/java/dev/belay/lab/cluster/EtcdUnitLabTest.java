package dev.belay.lab.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.activities.RealPorts;
import dev.belay.activities.Secrets;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.contract.EtcdUnitContract;
import dev.belay.activities.host.Command;
import dev.belay.lab.LabCluster;
import dev.belay.lab.LabMachine;
import dev.belay.lab.LoneStep;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.StepCall.NodeCall;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The contract of a member that systemd runs, on the hosts of a real external etcd (lab/external-etcd.sh). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfEnvironmentVariable(named = LabCluster.VARIABLE, matches = ".+", disabledReason = LabCluster.WHEN_MISSING)
class EtcdUnitLabTest extends EtcdUnitContract {

    private static final int LOOKS = 90;

    private final Cluster inventory = external();
    private final RealPorts ports = new RealPorts(inventory, Secrets.ofProcess());

    private static Cluster external() {
        Cluster inventory = LabCluster.inventory();
        assumeTrue(
                inventory.hasExternalEtcd(),
                "the cluster's etcd has no hosts of its own; lab/external-etcd.sh makes one");
        return inventory;
    }

    @AfterAll
    void close() {
        ports.close();
    }

    @Override
    protected StepContext context(NodeName member) {
        NodeCall node = new NodeCall(member, NodeRole.ETCD.text(), null, "", 0, false, false);
        return new StepContext(
                LoneStep.call(inventory.name(), node, "etcd.stop"),
                inventory,
                ports.hosts(),
                ports.etcd(),
                ports.kube(),
                ports.evidence(),
                ports.clock(),
                () -> {});
    }

    @Override
    protected void reboot(NodeName member) {
        LabMachine machine = new LabMachine(member.value());
        machine.powerOff();
        machine.powerOn();
        for (int look = 0; look < LOOKS && !answers(member); look++) {
            ports.clock().sleep(Duration.ofSeconds(1));
        }
    }

    private boolean answers(NodeName member) {
        try {
            return ports.hosts().on(member).run(Command.of("true")).ok();
        } catch (StepFailure notYet) {
            return false;
        }
    }

    @Override
    protected List<NodeName> members() {
        return inventory.etcdMembers();
    }
}
