package dev.belay.workflows;

import dev.belay.model.approval.Signers;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Reply;
import dev.belay.model.run.Rung;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a command fits the state of the run, in words. Accepting changes what the run knows at once, so that the next command is
 * judged by it; whatever else is to be done is handed on.
 */
final class CommandDesk {

    private final String run;
    private final String planDigest;
    private final RungCheck rungs;
    private final Controls controls;
    private final Waiting waiting;
    private final Consumer<Command> toHop;
    private final Deliver toLevel;

    /** Hands a command to the level that stands still. */
    interface Deliver {
        void send(String workflowId, Command command);
    }

    CommandDesk(
            String run, RungCheck rungs, Controls controls, Waiting waiting, Consumer<Command> toHop, Deliver toLevel) {
        this.run = run;
        this.planDigest = rungs.plan().digest();
        this.rungs = rungs;
        this.controls = controls;
        this.waiting = waiting;
        this.toHop = toHop;
        this.toLevel = toLevel;
    }

    Reply take(Command command, Instant now) {
        if (command.planDigest() != null && !command.planDigest().equals(planDigest)) {
            return refuse("the run follows plan " + planDigest + ", not " + command.planDigest()
                    + "; look again: belay show " + run);
        }
        if (controls.stopping()) {
            return refuse("the run is being stopped by a Temporal cancel request");
        }
        if (command.kind().needsReason() && command.reason().isBlank()) {
            return refuse(command.kind().text() + " needs a reason, which stands on record");
        }
        return switch (command.kind()) {
            case PAUSE -> pause(command);
            case RESUME -> resume(command);
            case ABORT -> abort(command);
            case RETRY, SKIP -> decide(command);
            case APPROVE -> approve(command, now);
            case REJECT -> reject(command);
            case ROLLBACK -> rollback(command);
        };
    }

    private Reply pause(Command command) {
        if (controls.aborting()) {
            return refuse("the run is being aborted; an abort cannot be paused");
        }
        if (controls.paused()) {
            return refuse("the run is paused already");
        }
        controls.apply(command);
        toHop.accept(command);
        return accept("paused: running steps finish, nothing new starts");
    }

    private Reply resume(Command command) {
        if (!controls.paused()) {
            return refuse("the run is not paused");
        }
        controls.apply(command);
        toHop.accept(command);
        return accept("resumed");
    }

    private Reply abort(Command command) {
        if (controls.aborting()) {
            return refuse("the run is being aborted already");
        }
        controls.apply(command);
        toHop.accept(command);
        return accept("aborting: running steps finish, then what steps declared is undone backwards");
    }

    private Reply rollback(Command command) {
        if (controls.aborting()) {
            return refuse("the run is being taken back already");
        }
        Rung rung = command.rung();
        String no = rungs.objection(command);
        if (rung == null || no != null) {
            return refuse(String.valueOf(no));
        }
        if (rung == Rung.STEP) {
            return decide(command);
        }
        controls.apply(command);
        toHop.accept(command);
        return accept("going back by the rung " + rung.text()
                + ": running steps finish, nothing new starts, then the run ends");
    }

    private Reply decide(Command command) {
        Place place = place(Notice.Kind.PARKED, command, "parked");
        Notice notice = place.notice();
        if (notice == null) {
            return place.refusal();
        }
        if (command.kind() == CommandKind.SKIP && !notice.skippable()) {
            return refuse(notice.place() + " cannot be skipped; retry it, or abort the run");
        }
        waiting.remove(notice);
        toLevel.send(notice.workflowId(), command.at(notice.step(), notice.node()));
        String when = controls.paused() ? ", once the run is resumed" : "";
        return accept(
                switch (command.kind()) {
                    case SKIP -> "skipping " + notice.place();
                    case ROLLBACK -> "taking back " + notice.place() + "; it stands afterwards";
                    default -> "trying again: " + notice.place() + when;
                });
    }

    private Reply approve(Command command, Instant now) {
        Place place = place(Notice.Kind.AWAITING_APPROVAL, command, "awaiting approval");
        Notice notice = place.notice();
        if (notice == null) {
            return place.refusal();
        }
        Notice.Ask ask = notice.ask();
        if (ask == null) {
            return refuse(notice.place() + " does not say what it needs");
        }
        String no = unproven(command, notice, ask);
        no = no == null ? Objection.to(command, notice, ask, now) : no;
        return no == null ? approved(command, notice.with(ask.approvedBy(command.actor()))) : refuse(no);
    }

    /** Where the inventory lists people, only a signature says who approves. */
    private @Nullable String unproven(Command command, Notice notice, Notice.Ask ask) {
        Signers signers = rungs.plan().signers();
        if (signers.isByNameOnly()) {
            return command.signature() == null
                    ? null
                    : "the inventory of this run lists no people who sign, so that a signature proves nothing: approve without one";
        }
        return signers.objection(command, text(command, notice), ask.by());
    }

    /** What the signature of an approval must be over; null where nobody signs, or nothing that it could mean is asked. */
    @Nullable
    String text(Command command) {
        if (command.kind() != CommandKind.APPROVE || rungs.plan().signers().isByNameOnly()) {
            return null;
        }
        Notice notice = place(Notice.Kind.AWAITING_APPROVAL, command, "awaiting approval")
                .notice();
        return notice == null ? null : text(command, notice);
    }

    private String text(Command command, Notice notice) {
        return notice.approval(rungs.plan(), run).of(command);
    }

    private Reply approved(Command command, Notice notice) {
        Notice.Ask ask = notice.ask();
        boolean enough = ask != null && ask.isSatisfied();
        if (enough) {
            waiting.remove(notice);
        } else {
            waiting.replace(notice);
        }
        toLevel.send(notice.workflowId(), command.at(notice.step(), notice.node()));
        int missing = ask == null ? 0 : ask.min() - ask.approvedBy().size();
        String how = rungs.plan().signers().isByNameOnly() ? "approved " + Signers.BY_NAME_ONLY : "approved";
        return accept(how + ": " + notice.place() + (enough ? "" : ", " + missing + " more needed"));
    }

    private Reply reject(Command command) {
        Place place = place(Notice.Kind.AWAITING_APPROVAL, command, "awaiting approval");
        Notice notice = place.notice();
        if (notice == null) {
            return place.refusal();
        }
        waiting.remove(notice);
        toLevel.send(notice.workflowId(), command.at(notice.step(), notice.node()));
        return accept("rejected: " + notice.place() + " parks; a retry asks again");
    }

    /** The one place a command means, or why there is none. */
    private record Place(@Nullable Notice notice, Reply refusal) {}

    private Place place(Notice.Kind kind, Command command, String adjective) {
        List<Notice> all = waiting.find(kind, null, null);
        List<Notice> meant = waiting.find(kind, command.step(), command.node());
        if (all.isEmpty()) {
            return new Place(null, refuse("nothing is " + adjective));
        }
        if (meant.isEmpty()) {
            return new Place(
                    null, refuse(named(command) + " is not " + adjective + "; this is: " + Waiting.places(all)));
        }
        if (meant.size() > 1) {
            String which = meant.size() + " steps are " + adjective + ", name one with --step and --node: ";
            return new Place(null, refuse(which + Waiting.places(meant)));
        }
        return new Place(meant.get(0), accept(""));
    }

    private static String named(Command command) {
        String step = command.step() == null ? "no step" : command.step();
        return command.node() == null ? step : step + " on " + command.node();
    }

    private static Reply accept(String why) {
        return new Reply(true, why);
    }

    private static Reply refuse(String why) {
        return new Reply(false, why);
    }
}
