package dev.belay.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.Rung;
import dev.belay.model.runbook.Phase;
import dev.belay.worker.RoundTrip;
import dev.belay.worker.RoundTrip.Difference;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundTripTextTest {

    private static final KubernetesVersion HOP = KubernetesVersion.parse("v1.34.4");
    private static final Difference CLOCK = new Difference("clock", "08:00", "09:00", "time goes on");

    @Test
    void namesEveryDifferenceThatMustNotBeAndThoseThatMayByTheirReason() {
        Difference file = new Difference("node/w1/file/x", null, "sha256:1", "this was to be as before");
        RoundTrip trip = new RoundTrip(
                HOP,
                Phase.WORKERS,
                "drain=drain-blocked@w2",
                Rung.NODE,
                new NodeName("w1"),
                RunStatus.ROLLED_BACK,
                List.of(CLOCK, new Difference("etcd/term", "2", "3", "etcd goes on")),
                List.of(file),
                null,
                null);

        assertThat(RoundTripText.of(List.of(trip), Paint.PLAIN, 100)).isEqualTo("""
                v1.34.4 workers, stands at drain=drain-blocked@w2, back by node of w1: DIFFERS
                    must not differ: node/w1/file/x: absent → sha256:1
                    may differ, time goes on (1): clock
                    may differ, etcd goes on (1): etcd/term

                1 way back did not lead to the world as it was
                """);
    }

    @Test
    void noNameIsCutHoweverNarrowTheScreen() {
        String field = "node/cp1/file/var/lib/" + "long/".repeat(20) + "db";
        Difference kept = new Difference(field, null, "sha256:1", "the old data are kept");
        RoundTrip trip = new RoundTrip(
                HOP, Phase.PREP, "drill=ssh-cut", Rung.RESTORE, null, null, List.of(kept), List.of(), null, null);

        assertThat(RoundTripText.of(List.of(trip), Paint.PLAIN, 40)).contains("    " + field + "\n");
    }

    @Test
    void saysWhereNoWayWasTriedAndThatAllIsWell() {
        RoundTrip none = new RoundTrip(HOP, Phase.PREP, "", null, null, null, List.of(), List.of(), null, null);

        assertThat(RoundTripText.of(List.of(none), Paint.PLAIN, 100)).isEqualTo("""
                v1.34.4 prep, no way back was tried: ok

                every way back led to the world as it was, but for what may differ
                """);
    }
}
