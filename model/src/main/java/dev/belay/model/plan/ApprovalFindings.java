package dev.belay.model.plan;

import dev.belay.model.approval.Person;
import dev.belay.model.approval.Signers;
import dev.belay.model.runbook.ApprovalStep;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.Runbook;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the people of an inventory can give the approvals that a runbook asks for. */
public record ApprovalFindings(Runbook runbook, Signers signers) {

    /** Approvals that nobody could ever give. */
    List<Blocker> blockers() {
        return signers.isByNameOnly()
                ? List.of()
                : approvals()
                        .flatMap(step -> Stream.concat(unknownRoles(step), tooFew(step)))
                        .toList();
    }

    /** Roles that nobody looks at. */
    List<Blocker> warnings() {
        if (!signers.isByNameOnly()) {
            return List.of();
        }
        return approvals()
                .filter(step -> !step.by().isEmpty())
                .map(step -> new Blocker(
                        "approval-by-name-only",
                        step.id(),
                        "it asks for the role " + roles(step) + ", and nobody signs: anybody's name will do",
                        "list people with their roles and keys in the inventory"))
                .toList();
    }

    /** Why somebody cannot start a run of it, in words: nobody could tell whether another person approves. */
    public Optional<String> objection(String author) {
        if (signers.isByNameOnly()) {
            return Optional.empty();
        }
        return approvals().filter(ApprovalStep::notAuthor).findFirst().flatMap(step -> objection(step, author));
    }

    private Optional<String> objection(ApprovalStep step, String author) {
        Person starts = signers.named(author).orElse(null);
        if (starts == null) {
            return Optional.of(step.id() + " needs people other than who starts the run, and " + author
                    + " is none of the inventory's: " + names(signers.people()) + "; name one with --actor");
        }
        List<Person> others = signers.withAny(step.by()).stream()
                .filter(person -> !person.equals(starts))
                .toList();
        return others.size() >= step.min()
                ? Optional.empty()
                : Optional.of(step.id() + " needs " + step.min() + " people other than " + starts.name()
                        + ", who starts the run, and there are " + others.size());
    }

    private Stream<Blocker> unknownRoles(ApprovalStep step) {
        return step.by().stream()
                .filter(role -> signers.withAny(List.of(role)).isEmpty())
                .map(role -> new Blocker(
                        "approval-role-unknown",
                        step.id(),
                        "it asks for the role " + role + ", and none of the inventory's people has it",
                        "give the role to somebody in the inventory, or name another in the runbook"));
    }

    private Stream<Blocker> tooFew(ApprovalStep step) {
        List<Person> may = signers.withAny(step.by());
        if (may.size() >= step.min()) {
            return Stream.empty();
        }
        String who = may.isEmpty() ? "nobody" : names(may);
        return Stream.of(new Blocker(
                "approval-too-few-people",
                step.id(),
                "it needs " + step.min() + " different people, and of the inventory's " + who + " may approve it",
                "list more people, or ask for fewer"));
    }

    private static String roles(ApprovalStep step) {
        return String.join(" or ", step.by());
    }

    private static String names(List<Person> people) {
        return String.join(", ", people.stream().map(Person::name).toList());
    }

    private Stream<ApprovalStep> approvals() {
        return Arrays.stream(Phase.values())
                .flatMap(phase -> runbook.phase(phase).stream())
                .filter(ApprovalStep.class::isInstance)
                .map(ApprovalStep.class::cast);
    }

    /** Whether the runbook asks people anything. */
    boolean asks() {
        return approvals().findAny().isPresent();
    }
}
