package dev.belay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maintenance of a real cluster by the shipped runbooks, started and approved from the command line. */
@Tag(LabTools.TAG)
class RealMaintenanceTest {

    private static final String NOTHING = "; 0 to put right, 0 worth knowing";

    private static final long QUOTA = 48L << 20;

    @TempDir
    Path dir;

    @Test
    void certificatesThatEndSoonAreFoundRenewedAndInUse() throws Exception {
        try (RealRun run = new RealRun(dir)) {
            List<String> controlPlanes = run.controlPlanes();
            controlPlanes.forEach(node -> new LabMachine(node).issueShort(Duration.ofHours(1)));
            run.worker("worker");
            Program round = run.maintenance("runbooks/certificates.yaml", "from=" + controlPlanes.get(0));
            run.awaitStatus("AWAITING_APPROVAL");
            assertThat(told(run, "found")).contains("worth knowing").doesNotContain(NOTHING);
            assertThat(run.belay("approve", "@latest", "--reason", "they end today")
                            .exit())
                    .isZero();

            assertThat(round.exit(30)).as(round::output).isZero();
            assertThat(told(run, "left")).contains(NOTHING);
            assertThat(told(run, "proven")).contains("present what their files hold");
            System.out.printf(
                    "[certificates] %d of %d probes of one a second failed (%d control planes)%n",
                    run.probe().failed(), run.probe().asked(), controlPlanes.size());
        }
    }

    @Test
    void anEtcdThatIsFullTakesWritesAgain() throws Exception {
        try (RealRun run = new RealRun(dir)) {
            run.controlPlanes().forEach(node -> new LabMachine(node).giveEtcdQuota(QUOTA));
            RealRun.await("every API server is back", Duration.ofMinutes(3), run::takesWrites);
            run.fillEtcd();
            run.worker("worker");
            Program round = run.maintenance("runbooks/etcd-space.yaml", "margin=10");
            run.awaitStatus("AWAITING_APPROVAL");
            assertThat(told(run, "look")).contains("NOSPACE");
            assertThat(run.takesWrites()).isFalse();
            assertThat(run.belay("approve", "@latest", "--reason", "it is full").exit())
                    .isZero();

            assertThat(round.exit(30)).as(round::output).isZero();
            assertThat(run.takesWrites()).isTrue();
            assertThat(told(run, "after")).doesNotContain("NOSPACE");
        }
    }

    private static String told(RealRun run, String step) {
        return StreamSupport.stream(run.view().path("steps").spliterator(), false)
                .filter(view -> view.path("id").asText().equals(step))
                .map(JsonNode::toString)
                .findFirst()
                .orElse("");
    }
}
