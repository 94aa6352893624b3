package dev.belay.lab.etcd;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.activities.StepClock;
import dev.belay.activities.SystemClock;
import dev.belay.activities.contract.EtcdDowngradeContract;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.etcd.jetcd.JetcdCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract on real programs of both minors. */
class RealEtcdDowngradeTest extends EtcdDowngradeContract {

    private final StepClock clock = new SystemClock();
    private RealEtcd real;
    private JetcdCluster etcd;

    @BeforeEach
    void startThree(@TempDir Path folder) throws IOException {
        assumeTrue(
                EtcdPrograms.ofLab(NEW).isPresent() && EtcdPrograms.ofLab(OLD).isPresent(),
                "no $LAB_HOME/etcd/v3.6.*/etcd and v3.5.*/etcd; the lab's prepare.sh makes them");
        real = RealEtcd.running(program(NEW), folder);
        etcd = real.cluster();
        await(
                "three members of one version",
                () -> etcd.validateDowngrade(OLD).equals(NEW)
                        && RealEtcd.NAMES.stream().allMatch(this::serves));
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
    protected void replace(String member, String minor) {
        real.stop(member);
        real.start(member, program(minor));
    }

    private static Path program(String minor) {
        Optional<Path> found = EtcdPrograms.ofLab(minor);
        return found.orElseThrow();
    }
}
