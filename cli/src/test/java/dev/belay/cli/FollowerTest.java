package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.cli.text.Situation;
import dev.belay.cli.text.Situations;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FollowerTest {

    private static final Situation SITUATION = Situations.parkedAtADrain();

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final Follower follower = new Follower(person(), Interrupts.none(), false);
    private int looks;

    @Test
    void whatIsSaidMeanwhileTakesThePlaceOfTheTreeWhichIsDrawnAnewBelowIt() {
        follower.follow(this::saysSomethingAtTheSecondLook, status -> looks == 2);

        String[] parts = screen.toString(StandardCharsets.UTF_8).split("drain of w1 was let go\\R", -1);
        assertThat(parts).hasSize(2);
        int drawn = parts[0].split("\u001b\\[2K", -1).length - 1;
        assertThat(drawn).isPositive();
        assertThat(parts[0]).endsWith("\u001b[" + drawn + "A\r\u001b[J");
        assertThat(parts[1]).startsWith("\r\u001b[2Krun 3fa94c21").doesNotContain("A\r\u001b[2Krun");
    }

    private Situation saysSomethingAtTheSecondLook() {
        looks++;
        if (looks == 2) {
            follower.say("drain of w1 was let go");
        }
        return SITUATION;
    }

    private Terminal person() {
        PrintStream both = new PrintStream(screen, true, StandardCharsets.UTF_8);
        return new Terminal(both, both, new BufferedReader(Reader.nullReader()), Map.of("NO_COLOR", "1"), true, false);
    }
}
