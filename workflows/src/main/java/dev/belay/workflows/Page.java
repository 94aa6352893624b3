package dev.belay.workflows;

import dev.belay.model.approval.Signers;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Failure;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import java.util.List;
import java.util.stream.Collectors;

/** The on-call's page in Temporal's own UI: where it stands, what is awaited, and last the command to type. Markdown, one screen. */
final class Page {

    private static final int SHOWN = 5;

    private Page() {}

    static RunStatus status(List<Notice> notices, boolean paused) {
        if (notices.stream().anyMatch(notice -> notice.kind() == Notice.Kind.PARKED)) {
            return RunStatus.PARKED;
        }
        if (!notices.isEmpty()) {
            return RunStatus.AWAITING_APPROVAL;
        }
        return paused ? RunStatus.PAUSED : RunStatus.RUNNING;
    }

    static String of(RunState run, Controls controls) {
        Plan plan = run.plan();
        String hops = run.hops().size() + " of " + plan.hops().size() + " hops done";
        String title = plan.cluster().name() + ", " + Hop.words(plan.from(), plan.to(), " to ") + ", " + hops;
        Progress progress = run.progress();
        String where = progress == null ? "" : "\n\nHop to " + progress.hop() + ": " + text(progress);
        String end = run.ended() == null ? "" : "\n\n" + run.ended();
        return page(run.status(), title, where + end, run.waiting(), plan.signers(), controls, run.run());
    }

    static String of(HopInput hop, Progress progress, RunStatus status, List<Notice> notices, Controls controls) {
        String title =
                "Hop " + hop.hop().words() + " of " + hop.plan().cluster().name();
        return page(status, title, "\n\n" + text(progress), notices, hop.plan().signers(), controls, hop.run());
    }

    static String of(
            NodeInput node, List<StepRecord> steps, RunStatus status, List<Notice> notices, Controls controls) {
        String title = "Node " + node.node().name() + " (" + node.group() + ") of " + node.cluster() + ", to "
                + node.hop().to();
        String done = names(steps, List.of(StepState.DONE, StepState.ALREADY_DONE, StepState.SKIPPED));
        String running = names(steps, List.of(StepState.RUNNING, StepState.WAITING));
        String where = "\n\ndone: " + done + "; running: " + running;
        return page(status, title, where, notices, Signers.NONE, controls, node.run());
    }

    private static String page(
            RunStatus status,
            String title,
            String where,
            List<Notice> notices,
            Signers signers,
            Controls controls,
            String run) {
        StringBuilder page = new StringBuilder("**" + status + "** " + title + where + wish(status, controls));
        notices.stream().limit(SHOWN).forEach(notice -> page.append("\n\n- ").append(line(notice, signers)));
        if (notices.size() > SHOWN) {
            page.append("\n\n- and ").append(notices.size() - SHOWN).append(" more");
        }
        return page.append("\n\nType next: `")
                .append(next(status, notices, run))
                .append("`")
                .toString();
    }

    private static String line(Notice notice, Signers signers) {
        Failure failure = notice.failure();
        String code = failure == null ? "" : " (" + failure.code() + ")";
        String next = failure == null || failure.next().isEmpty() ? "" : " " + failure.next();
        return "`" + notice.place() + "` since " + notice.since() + ": " + notice.why() + code + asked(notice, signers)
                + next;
    }

    private static String asked(Notice notice, Signers signers) {
        Notice.Ask ask = notice.ask();
        if (ask == null) {
            return "";
        }
        return " (" + ask.standing(signers) + ")";
    }

    private static String wish(RunStatus status, Controls controls) {
        if (status.isClosed()) {
            return "";
        }
        if (controls.stopping()) {
            return "\n\nA Temporal cancel was requested: running steps finish, and all is left standing.";
        }
        return controls.aborting() ? "\n\nAn abort is under way: what steps declared is undone backwards." : "";
    }

    private static String next(RunStatus status, List<Notice> notices, String run) {
        for (Notice notice : notices) {
            if (status == RunStatus.AWAITING_APPROVAL || notice.kind() == Notice.Kind.PARKED) {
                return NextCommands.of(run, notice, false).get(0);
            }
        }
        return (status == RunStatus.PAUSED ? "belay resume " : "belay show ") + run;
    }

    private static String text(Progress progress) {
        return "phase " + progress.phase().text() + ", " + progress.nodesDone() + " of " + progress.nodesTotal()
                + " nodes done";
    }

    private static String names(List<StepRecord> steps, List<StepState> states) {
        String names = steps.stream()
                .filter(step -> states.contains(step.state()))
                .map(StepRecord::id)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "nothing" : names;
    }
}
