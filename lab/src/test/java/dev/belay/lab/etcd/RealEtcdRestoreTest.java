package dev.belay.lab.etcd;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.activities.StepClock;
import dev.belay.activities.SystemClock;
import dev.belay.activities.contract.EtcdRestoreContract;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.etcd.jetcd.JetcdCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract on real members of etcd 3.5, with the etcdutl beside their program. */
class RealEtcdRestoreTest extends EtcdRestoreContract {

    private static final String MINOR = "3.5";

    private final StepClock clock = new SystemClock();
    private RealEtcd real;
    private JetcdCluster etcd;

    @BeforeEach
    void startThree(@TempDir Path folder) throws IOException {
        assumeTrue(
                EtcdPrograms.ofLab(MINOR).isPresent(), "no $LAB_HOME/etcd/v3.5.*/etcd; the lab's prepare.sh makes it");
        real = RealEtcd.running(EtcdPrograms.ofLab(MINOR).orElseThrow(), folder);
        etcd = real.cluster();
        await("three members", () -> RealEtcd.NAMES.stream().allMatch(this::serves));
    }

    @AfterEach
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
    protected void stop(String member) {
        real.stop(member);
    }

    @Override
    protected void restore(String member, byte[] snapshot, String token) {
        real.restore(member, snapshot, token, BUMP);
    }

    @Override
    protected void start(String member) {
        real.start(member);
    }
}
