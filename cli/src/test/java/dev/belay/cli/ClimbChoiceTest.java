package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ClimbChoiceTest {

    @Test
    void versionsOnTheWayMayStandTogetherOrEachForItself() {
        assertThat(choice("--via", "v1.32.13,v1.33.13").via()).containsExactly("v1.32.13", "v1.33.13");
        assertThat(choice("--via", "v1.32.13", "--via", "v1.33.13").via()).containsExactly("v1.32.13", "v1.33.13");
    }

    private static ClimbChoice choice(String first, String... more) {
        String[] typed = new String[more.length + 3];
        typed[0] = "--to";
        typed[1] = "v1.34.4";
        typed[2] = first;
        System.arraycopy(more, 0, typed, 3, more.length);
        return CommandLine.populateCommand(new ClimbChoice(), typed);
    }
}
