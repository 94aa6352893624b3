package dev.belay.workflows;

import dev.belay.model.kubernetes.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every place below that stands still or awaits a person, oldest first. */
public final class Waiting {

    private final List<Notice> notices;

    public Waiting(List<Notice> carried) {
        notices = new ArrayList<>(carried);
    }

    /** A node that stands again in another workflow has lost the earlier one, and with it every place there. */
    public void hear(Notice notice) {
        notices.removeIf(known -> known.samePlace(notice) || isLost(known, notice));
        if (notice.kind() != Notice.Kind.RESUMED) {
            notices.add(notice);
        }
    }

    void forget(String workflowId) {
        notices.removeIf(known -> known.workflowId().equals(workflowId));
    }

    void remove(Notice notice) {
        notices.removeIf(known -> known.samePlace(notice));
    }

    void replace(Notice notice) {
        notices.replaceAll(known -> known.samePlace(notice) ? notice : known);
    }

    boolean isEmpty() {
        return notices.isEmpty();
    }

    boolean has(Notice.Kind kind) {
        return notices.stream().anyMatch(notice -> notice.kind() == kind);
    }

    public List<Notice> all() {
        return List.copyOf(notices);
    }

    List<Notice> find(Notice.Kind kind, @Nullable String step, @Nullable NodeName node) {
        return notices.stream()
                .filter(notice -> notice.kind() == kind)
                .filter(notice -> step == null || step.equals(notice.step()))
                .filter(notice -> node == null || node.equals(notice.node()))
                .toList();
    }

    static String places(List<Notice> notices) {
        return notices.stream().map(Notice::place).collect(Collectors.joining(", "));
    }

    private static boolean isLost(Notice known, Notice notice) {
        return notice.kind() == Notice.Kind.PARKED
                && notice.node() != null
                && notice.node().equals(known.node())
                && !notice.workflowId().equals(known.workflowId());
    }
}
