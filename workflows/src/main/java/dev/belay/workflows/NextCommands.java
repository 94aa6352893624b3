package dev.belay.workflows;

import java.util.ArrayList;
import java.util.List;

/** What to type next, exactly. */
public final class NextCommands {

    private static final String REASON = " --reason ...";

    private NextCommands() {}

    /** {@code goesBack}: an abort or a way back is under way already. */
    public static List<String> of(String run, Notice notice, boolean goesBack) {
        String place =
                " " + run + " --step " + notice.step() + (notice.node() == null ? "" : " --node " + notice.node());
        List<String> next = new ArrayList<>();
        if (notice.kind() == Notice.Kind.AWAITING_APPROVAL) {
            next.add("belay approve" + place);
            next.add("belay reject" + place + REASON);
        } else {
            next.add("belay retry" + place);
            if (notice.skippable()) {
                next.add("belay skip" + place + REASON);
            }
        }
        if (!goesBack) {
            next.add("belay abort " + run + REASON);
        }
        return List.copyOf(next);
    }
}
