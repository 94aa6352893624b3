package dev.belay.cli.text;

import dev.belay.model.run.LedgerEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an abort would really do, newest first. To take back is less than the opposite of what was done: no version goes down. */
public final class UndoWords {

    private final Map<String, List<String>> places = new LinkedHashMap<>();
    private final Set<String> closed = new HashSet<>();

    private UndoWords() {}

    /** {@code entries}: what the engine would undo, the newest first. */
    public static List<String> of(List<LedgerEntry> entries) {
        UndoWords words = new UndoWords();
        entries.forEach(words::add);
        return words.places.entrySet().stream()
                .map(act -> (act.getKey() + " " + Places.of(act.getValue())).strip())
                .toList();
    }

    private void add(LedgerEntry entry) {
        switch (entry.uses()) {
            case "node.drain" -> {}
            case "node.uncordon" -> closed.add("node.cordon@" + entry.node());
            case "cluster.unlock" -> closed.add("cluster.lock@" + entry.node());
            default -> {
                if (!closed.contains(entry.uses() + "@" + entry.node())) {
                    put(entry);
                }
            }
        }
    }

    private void put(LedgerEntry entry) {
        List<String> nodes = places.computeIfAbsent(act(entry), act -> new ArrayList<>());
        if (entry.node() != null && !nodes.contains(entry.node().value())) {
            nodes.add(entry.node().value());
        }
    }

    private static String act(LedgerEntry entry) {
        return switch (entry.uses()) {
            case "node.cordon" -> "uncordon";
            case "packages.install" -> "put the package source and holds back on";
            case "cluster.lock" -> "give the cluster's lock back";
            case "verify.dns", "verify.storage", "verify.workload" -> "remove the probe pods";
            default -> "undo \"" + entry.action() + "\"" + (entry.node() == null ? "" : " on");
        };
    }
}
