package dev.belay.workflows;

import dev.belay.model.approval.Signers;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepOutcome;
import io.temporal.common.converter.DataConverterException;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The places of one workflow where a person is needed. A wait is told upwards first, then announced by {@code belay.notice}, and only then
 * begun; when it is over both are told again. An announcement that fails is logged and holds nothing up.
 */
final class Standing {

    private final Map<String, Wait> waits = new LinkedHashMap<>();
    private final StepActivities activities;
    private final Wire wire;

    Standing(StepActivities activities, Wire wire) {
        this.activities = activities;
        this.wire = wire;
    }

    /** One place that waits: what it said, and what people answered. */
    private static final class Wait {
        private final List<Command> answers = new ArrayList<>();
        private Notice notice;

        Wait(Notice notice) {
            this.notice = notice;
        }

        boolean has(CommandKind kind) {
            return answers.stream().anyMatch(answer -> answer.kind() == kind);
        }
    }

    /** How an approval ended, in words for the record; {@code granted} says which way. */
    record Verdict(boolean granted, boolean left, String code, String why) {}

    boolean isEmpty() {
        return waits.isEmpty();
    }

    List<Notice> notices() {
        return waits.values().stream().map(wait -> wait.notice).toList();
    }

    /** A command that was accepted for one of these places. One that comes too late finds nobody, and does nothing. */
    void deliver(Command command) {
        Wait wait = waits.get(key(command.step(), command.node()));
        if (wait == null) {
            return;
        }
        wait.answers.add(command);
        Notice.Ask ask = wait.notice.ask();
        if (command.kind() == CommandKind.APPROVE && ask != null) {
            wait.notice = wait.notice.with(ask.approvedBy(command.actor()));
        }
    }

    /** Stands still until a person says retry or skip; null when told to leave first. */
    @Nullable
    Command park(Notice notice, Frame frame, Supplier<Boolean> leave) {
        Wait wait = new Wait(notice);
        stand(wait, frame, () -> !wait.answers.isEmpty() || leave.get());
        return wait.answers.isEmpty() ? null : wait.answers.get(0);
    }

    /** Waits until enough people approved, one rejected, or the time is over. */
    Verdict await(Notice notice, Instant until, Frame frame, Supplier<Boolean> leave) {
        Wait wait = new Wait(notice);
        Supplier<Boolean> over = () -> leave.get() || wait.has(CommandKind.REJECT) || satisfied(wait);
        begin(wait, frame, over);
        Waits.awaitFor(Duration.between(Waits.now(), until), "approval " + notice.step() + " expires", over);
        end(wait, frame);
        return verdict(wait, leave.get());
    }

    private void stand(Wait wait, Frame frame, Supplier<Boolean> over) {
        begin(wait, frame, over);
        Workflow.await(over);
        end(wait, frame);
    }

    private void begin(Wait wait, Frame frame, Supplier<Boolean> over) {
        waits.put(key(wait.notice.step(), wait.notice.node()), wait);
        wire.tell(wait.notice);
        announce(wait.notice, frame, over);
    }

    private void end(Wait wait, Frame frame) {
        waits.remove(key(wait.notice.step(), wait.notice.node()));
        Notice resumed = wait.notice.resumed();
        wire.tell(resumed);
        announce(resumed, frame, () -> false);
    }

    private void announce(Notice notice, Frame frame, Supplier<Boolean> over) {
        Map<String, Object> with = new LinkedHashMap<>();
        with.put("event", notice.kind().name());
        with.put("step", notice.step());
        with.put("node", notice.node() == null ? "" : notice.node().value());
        with.put("why", notice.why());
        StepCall call = frame.engineCall(Belay.NOTICE, notice.step(), with, null, Map.of());
        Promise<StepOutcome> told = activities.start(call, Belay.NOTICE, false);
        Workflow.await(() -> told.isCompleted() || over.get());
        if (told.isCompleted()) {
            report(told);
        }
    }

    private static void report(Promise<StepOutcome> told) {
        try {
            told.get();
        } catch (TemporalFailure | DataConverterException e) {
            Workflow.getLogger(Standing.class).warn("The notice could not be given", e);
        }
    }

    private static boolean satisfied(Wait wait) {
        Notice.Ask ask = wait.notice.ask();
        return ask != null && ask.isSatisfied();
    }

    private static Verdict verdict(Wait wait, boolean left) {
        for (Command answer : wait.answers) {
            if (answer.kind() == CommandKind.REJECT) {
                return new Verdict(false, false, "REJECTED", "rejected by " + answer.actor() + ": " + answer.reason());
            }
        }
        Notice.Ask ask = wait.notice.ask();
        String names = ask == null ? "" : String.join(", ", ask.approvedBy());
        if (satisfied(wait)) {
            return new Verdict(true, false, "APPROVED", "approved by " + names + proof(wait));
        }
        String got = names.isEmpty() ? "nobody approved" : "only " + names + " approved";
        return new Verdict(false, left, "EXPIRED", "the time to approve is over, which means no: " + got);
    }

    private static String proof(Wait wait) {
        boolean signed = wait.answers.stream().allMatch(answer -> answer.signature() != null);
        return signed ? "" : ", " + Signers.BY_NAME_ONLY;
    }

    private static String key(@Nullable String step, @Nullable NodeName node) {
        return step + "@" + node;
    }
}
