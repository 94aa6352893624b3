package dev.belay.model.plan;

import static dev.belay.model.plan.Fixtures.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.approval.Person;
import dev.belay.model.approval.Signers;
import dev.belay.model.runbook.ApprovalStep;
import dev.belay.model.runbook.OnFailure;
import dev.belay.model.runbook.Purpose;
import dev.belay.model.runbook.Runbook;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whether those who are listed can give what a runbook asks for. */
class ApprovalFindingsTest {

    private static final Person ADA = new Person("ada", List.of("lead"), List.of());
    private static final Person LINUS = new Person("linus", List.of("lead", "sre"), List.of());
    private static final Person EVE = new Person("eve", List.of(), List.of());

    private static ApprovalFindings of(int min, boolean notAuthor, List<String> roles, Person... people) {
        ApprovalStep go =
                new ApprovalStep("go", List.of(), null, "May it?", min, roles, notAuthor, Duration.ofHours(1));
        Runbook asking = new Runbook(
                "test",
                "1.0.0",
                "",
                Purpose.MAINTENANCE,
                Map.of(),
                null,
                3,
                OnFailure.PARK,
                List.of(go),
                List.of(step("look", "check")),
                List.of(),
                List.of());
        return new ApprovalFindings(asking, new Signers(List.of(people)));
    }

    @Test
    void aRoleThatNobodyHasStopsThePlan() {
        assertThat(of(1, false, List.of("owner"), ADA, LINUS).blockers())
                .extracting(Blocker::rule)
                .containsExactly("approval-role-unknown", "approval-too-few-people");
    }

    @Test
    void fewerPeopleThanItNeedsStopThePlan() {
        assertThat(of(2, false, List.of("sre"), ADA, LINUS).blockers())
                .singleElement()
                .satisfies(blocker -> assertThat(blocker.why())
                        .isEqualTo("it needs 2 different people, and of the inventory's linus may approve it"));
        assertThat(of(2, false, List.of("lead"), ADA, LINUS, EVE).blockers()).isEmpty();
    }

    @Test
    void aRoleIsNothingWhereNobodySigns() {
        ApprovalFindings findings = of(1, false, List.of("lead"));

        assertThat(findings.blockers()).isEmpty();
        assertThat(findings.warnings()).extracting(Blocker::rule).containsExactly("approval-by-name-only");
        assertThat(of(1, false, List.of()).warnings()).isEmpty();
    }

    @Test
    void whoStartsARunThatOthersMustApproveIsOneOfThePeople() {
        ApprovalFindings findings = of(1, true, List.of(), ADA, LINUS);

        assertThat(findings.objection("root@vm").orElseThrow())
                .isEqualTo(
                        "go needs people other than who starts the run, and root@vm is none of the inventory's: ada, linus;"
                                + " name one with --actor");
        assertThat(findings.objection("ADA@desk")).isEmpty();
        assertThat(of(2, true, List.of(), ADA, LINUS).objection("ada").orElseThrow())
                .isEqualTo("go needs 2 people other than ada, who starts the run, and there are 1");
        assertThat(of(1, false, List.of(), ADA).objection("root@vm")).isEmpty();
        assertThat(of(1, true, List.of()).objection("root@vm")).isEmpty();
    }
}
