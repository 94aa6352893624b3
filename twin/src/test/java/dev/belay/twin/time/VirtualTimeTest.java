package dev.belay.twin.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {

    private static final Instant START = Instant.parse("2026-11-02T08:00:00Z");

    private final VirtualTime time = new VirtualTime(START);
    private final List<String> seen = new ArrayList<>();

    @Test
    void eventsHappenInTheOrderOfTheirTimeAndThenOfTheirPlanning() {
        time.after(Duration.ofSeconds(9), () -> note("late"));
        time.after(Duration.ofSeconds(1), () -> note("first"));
        time.after(Duration.ofSeconds(1), () -> note("second"));

        time.advanceTo(START.plusSeconds(5));

        assertThat(seen).containsExactly("first 1", "second 1");
        assertThat(time.now()).isEqualTo(START.plusSeconds(5));
    }

    @Test
    void whatAnEventPlansHappensInTheSameAdvance() {
        time.after(Duration.ofSeconds(1), () -> time.after(Duration.ofSeconds(2), () -> note("planned")));

        time.advanceTo(START.plusSeconds(10));

        assertThat(seen).containsExactly("planned 3");
    }

    @Test
    void timeNeverGoesBack() {
        time.advanceTo(START.plusSeconds(10));

        time.advanceTo(START);

        assertThat(time.now()).isEqualTo(START.plusSeconds(10));
    }

    @Test
    void theSeedDecidesAndThePurposeTells() {
        assertThat(new Seed(1).uuid("a")).isEqualTo(new Seed(1).uuid("a")).isNotEqualTo(new Seed(1).uuid("b"));
        assertThat(new Seed(1).hex("a", 8)).isNotEqualTo(new Seed(2).hex("a", 8));
        assertThat(new Seed(3).between(Duration.ofSeconds(2), Duration.ofSeconds(4), "x"))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    private void note(String what) {
        seen.add(what + " " + Duration.between(START, time.now()).toSeconds());
    }
}
