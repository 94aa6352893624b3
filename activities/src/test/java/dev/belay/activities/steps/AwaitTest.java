package dev.belay.activities.steps;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.StepFailure;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AwaitTest {

    private static final String RIGHT = "403 nodes is forbidden: User \"admin\" cannot list resource \"nodes\"";

    private final FakeWorld world = new FakeWorld();
    private final Instant start = world.clock.now();
    private final Await await =
            new Await(world.context("check.nodes"), Duration.ofMinutes(10), Duration.ofSeconds(2), "NOT_YET", "look");

    @ParameterizedTest
    @ValueSource(strings = {"API_FORBIDDEN", "API_UNAVAILABLE"})
    void anApiServerThatStartsIsAskedAgain(String code) {
        String answer =
                Await.answer(world.context("check.nodes"), () -> after(Duration.ofSeconds(20), code, "three nodes"));

        assertThat(answer).isEqualTo("three nodes");
    }

    @Test
    void aRightThatIsMissingIsNotAwaitedAsLongAsAServerThatIsAway() {
        Failure failure = failsWith(
                FailureKind.TRANSIENT,
                "API_FORBIDDEN",
                () -> Await.answer(world.context("check.nodes"), () -> after(Duration.ofDays(1), "API_FORBIDDEN", "")));

        assertThat(failure.why()).contains(RIGHT);
        assertThat(waited()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(40));
    }

    @Test
    void aLookIsRepeatedWhileTheRolesAreNotServedYet() {
        await.until(() -> after(Duration.ofSeconds(20), "API_FORBIDDEN", List.of()));

        assertThat(waited()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
    }

    @Test
    void aLookThatIsTurnedAwayAgainAndAgainEndsWithTheMissingRightLongBeforeTheLimit() {
        Failure failure = failsWith(
                FailureKind.TRANSIENT,
                "API_FORBIDDEN",
                () -> await.until(() -> after(Duration.ofDays(1), "API_FORBIDDEN", List.of())));

        assertThat(failure.why()).contains(RIGHT);
        assertThat(waited()).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void eachServerThatStartsHasItsOwnTimeToKnowItsRoles() {
        await.until(() -> {
            long minute = waited().toMinutes();
            if (minute < 5 && waited().toSecondsPart() < 20) {
                throw failure("API_FORBIDDEN");
            }
            return minute < 5 ? List.of("an old version") : List.of();
        });

        assertThat(waited()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
    }

    private Duration waited() {
        return Duration.between(start, world.clock.now());
    }

    private <T> T after(Duration time, String code, T answer) {
        if (waited().compareTo(time) < 0) {
            throw failure(code);
        }
        return answer;
    }

    private static StepFailure failure(String code) {
        return StepFailure.of(FailureKind.TRANSIENT, code, RIGHT, "wait");
    }
}
