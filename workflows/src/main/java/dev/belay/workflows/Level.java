package dev.belay.workflows;

import java.util.Map;

/**
 * One workflow as the interpreter sees it.
 *
 * @param author who started the run; may be excluded from approving
 * @param given outputs from a level above that references may see
 * @param redo how often its steps were tried in an earlier workflow of the same place
 */
record Level(
        String workflowId,
        String author,
        Board board,
        Ledger ledger,
        Controls controls,
        Standing standing,
        StepActivities activities,
        Map<String, Map<String, Object>> given,
        int redo) {}
