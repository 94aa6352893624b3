package dev.belay.lab.etcd;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.activities.StepClock;
import dev.belay.activities.SystemClock;
import dev.belay.activities.contract.EtcdMembershipContract;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.etcd.jetcd.JetcdCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract of membership on three real members. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealEtcdMembershipTest extends EtcdMembershipContract {

    private final StepClock clock = new SystemClock();
    private RealEtcd real;
    private JetcdCluster etcd;

    @BeforeAll
    void startThree(@TempDir Path folder) throws IOException {
        assumeTrue(
                EtcdPrograms.ofLab("3.5").isPresent(), "no $LAB_HOME/etcd/v3.5.*/etcd; the lab's prepare.sh makes it");
        real = RealEtcd.running(EtcdPrograms.ofLab("3.5").orElseThrow(), folder);
        etcd = real.cluster();
        await("three members to serve", () -> RealEtcd.NAMES.stream().allMatch(this::serves));
    }

    @AfterAll
    void endThree() {
        if (real != null) {
            etcd.close();
            real.close();
        }
    }

    @Override
    protected EtcdCluster etcd() {
        return etcd;
    }

    @Override
    protected StepClock clock() {
        return clock;
    }

    @Override
    protected List<String> names() {
        return RealEtcd.NAMES;
    }

    @Override
    protected void write() {
        real.write();
    }

    @Override
    protected void stop(String name) {
        real.stop(name);
    }

    @Override
    protected void start(String name) {
        real.start(name);
    }

    @Override
    protected void lose(String name) {
        real.lose(name);
    }

    @Override
    protected void join(String name) {
        real.join(name);
    }
}
