package dev.belay.workflows;

import java.util.ArrayList;
import java.util.List;

/** What to type next, exactly. */
public final class NextCommands {

    private static final String REASON = " --reason ...";

    private NextCommands() {}

    public static List<String> of(String run, Notice notice) {
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
        next.add("belay abort " + run + REASON);
        return List.copyOf(next);
    }
}
