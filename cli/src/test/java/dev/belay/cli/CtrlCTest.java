package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Ctrl-C does, typed on a terminal. */
class CtrlCTest {

    private static final Path RUNBOOK = Path.of("..", "runbooks", "kubeadm-minor.yaml");
    private static final String[] PARKS = {
        "rehearse", RUNBOOK.toString(), "--to", "v1.34.4", "--small", "--fault", "drain=drain-blocked@w1"
    };

    @TempDir
    Path folder;

    @BeforeAll
    static void terminal() {
        OnTerminal.assumeThere();
    }

    @Test
    void onAParkedRehearsalItAsksAndNoGoesOnAndYesEndsAllWithCode5() {
        Typed rehearsal = OnTerminal.type(
                Map.of("XDG_STATE_HOME", folder.toString()),
                List.of(
                        "sees PARKED",
                        "ctrl-c",
                        "sees End the rehearsal? Its server forgets the run. [y/N]",
                        "types n",
                        "sees PARKED",
                        "ctrl-c",
                        "sees End the rehearsal? Its server forgets the run. [y/N]",
                        "types y",
                        "sees stands"),
                PARKS);

        assertThat(rehearsal.endsWith(5).out()).contains("next     belay retry ");
        assertThat(rehearsal.out().split("End the rehearsal\\?", -1)).hasSize(3);
    }

    @Test
    void onARehearsalThatRunsItAsksAndYesEndsAllWithCode4() {
        Typed rehearsal = OnTerminal.type(
                Map.of("XDG_STATE_HOME", folder.toString()),
                List.of(
                        "sees RUNNING",
                        "ctrl-c",
                        "sees End the rehearsal? Its server forgets the run. [y/N]",
                        "types y",
                        "sees nodes"),
                "rehearse",
                RUNBOOK.toString(),
                "--to",
                "v1.34.4");

        assertThat(rehearsal.endsWith(4).out()).contains("RUNNING", "abort    would");
    }

    @Test
    void onAWatchItLeavesTheRunAndSaysHowToComeBack() {
        try (UnderWay parked = UnderWay.rehearse(
                folder, List.of(PARKS).subList(1, PARKS.length).toArray(String[]::new))) {
            parked.standsAt("PARKED", "drain", "w1");

            Typed watched =
                    OnTerminal.type(parked.environment(), List.of("sees PARKED", "ctrl-c"), "watch", parked.run());

            assertThat(watched.endsWith(5).out())
                    .contains("the run goes on without you; come back with: belay watch " + parked.run());
            assertThat(parked.type("watch", parked.run(), "--on-park", "exit")
                            .endsWith(5)
                            .out())
                    .contains("PARKED");
        }
    }
}
