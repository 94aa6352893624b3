package dev.belay.workflows;

import dev.belay.model.runbook.GroupStep;
import java.util.Map;

/** Runs a group over its nodes. Only a hop has nodes. */
interface Groups {

    /** COMPLETE; POSTPONED to the next run of the workflow; or LEFT because the workflow is ending. */
    enum End {
        COMPLETE,
        POSTPONED,
        LEFT
    }

    End run(GroupStep group, Frame frame, Map<String, Map<String, Object>> outputs);

    /** The group's condition does not hold. */
    void skip(GroupStep group);
}
