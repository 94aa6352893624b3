package dev.belay.workflows;

import dev.belay.model.run.Command;
import dev.belay.model.run.CommandRecord;
import dev.belay.model.run.Reply;
import io.temporal.failure.ApplicationErrorCategory;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every command with its answer. The same command again gets the same answer; its id with other content is refused. */
final class CommandLog {

    private static final int LONGEST_TEXT = 2_048;

    private final Map<String, CommandRecord> byId = new LinkedHashMap<>();
    private final List<CommandRecord> records = new ArrayList<>();

    CommandLog(List<CommandRecord> carried) {
        carried.forEach(this::add);
    }

    List<CommandRecord> records() {
        return List.copyOf(records);
    }

    /** A jammed run would obey nobody, so whatever goes wrong here fails this one command. */
    Reply answer(Command command, CommandDesk desk, Instant now) {
        CommandRecord known = byId.get(command.commandId());
        if (known != null && known.command().equals(command)) {
            return known.reply();
        }
        String text = known == null ? desk.text(command) : null;
        Reply reply = known == null
                ? judge(command, desk, now)
                : new Reply(false, "command id " + command.commandId() + " was used for another command before");
        add(new CommandRecord(now, command, reply, text));
        return reply;
    }

    /** On record as accepted: what the run was started for. */
    void took(Command command, Instant now) {
        add(new CommandRecord(now, command, new Reply(true, "started for it")));
    }

    private static Reply judge(Command command, CommandDesk desk, Instant now) {
        try {
            return desk.take(command, now);
        } catch (IllegalArgumentException | IllegalStateException | NullPointerException e) {
            throw ApplicationFailure.newNonRetryableFailureWithCause(
                    "the command could not be judged; this is a bug", "COMMAND_FAILED", e);
        }
    }

    private void add(CommandRecord record) {
        byId.putIfAbsent(record.command().commandId(), record);
        records.add(record);
    }

    /** Malformed is what no sender of ours would send: such a command leaves no trace in history. */
    static void refuseMalformed(Command command) {
        require(command.kind() != null, "a command needs a kind");
        require(isText(command.commandId()), "a command needs an id");
        require(isText(command.actor()), "a command needs an actor");
        require(
                command.reason() != null && command.reason().length() <= LONGEST_TEXT,
                "a command needs a reason of at most 2 KB");
    }

    private static boolean isText(String text) {
        return text != null && !text.isBlank() && text.length() <= 255;
    }

    private static void require(boolean fits, String message) {
        if (!fits) {
            throw ApplicationFailure.newBuilder()
                    .setMessage(message)
                    .setType("MALFORMED_COMMAND")
                    .setNonRetryable(true)
                    .setCategory(ApplicationErrorCategory.BENIGN)
                    .build();
        }
    }
}
