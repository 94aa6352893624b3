package dev.belay.cli.text;

import dev.belay.model.diagnosis.Diagnosis;
import dev.belay.model.diagnosis.Rules;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView;
import dev.belay.model.run.RunView.Effect;
import dev.belay.model.run.RunView.Node;
import dev.belay.model.run.RunView.Parked;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code belay show}: one screen that answers what stands, since when, why, what was done, what waiting costs, and what to type. */
public final class ShowText {

    private static final int LABEL = 9;
    private static final int ROWS = 24;

    private final Situation situation;
    private final RunView view;
    private final Paint paint;
    private final int columns;
    private final List<String> lines = new ArrayList<>();

    private ShowText(Situation situation, Paint paint, int columns) {
        this.situation = situation;
        this.view = situation.view();
        this.paint = paint;
        this.columns = columns;
    }

    public static String of(Situation situation, Paint paint, int columns) {
        ShowText show = new ShowText(situation, paint, columns);
        show.heading();
        show.standing();
        List<String> above = show.taken();
        show.record();
        List<String> below = show.taken();
        show.nodes(Math.max(2, ROWS - above.size() - below.size()) - 1);
        List<String> all = new ArrayList<>(above);
        all.addAll(show.taken());
        all.addAll(below);
        return String.join("\n", all) + "\n";
    }

    private void heading() {
        lines.add(Words.cut(Headline.of(situation, paint), columns));
        String runbook = view.runbook().name() + " " + view.runbook().version();
        String since = Words.dayAndClock(situation.startedAt());
        labelled(
                "runbook",
                runbook + ", plan " + Words.digest(String.valueOf(view.planDigest())) + ", started " + since + " by "
                        + situation.author(),
                1);
        labelled("hop", HopLine.of(view, paint), 1);
        String ended = situation.ended();
        if (ended != null) {
            labelled("ended", ended, 2);
        }
    }

    private void standing() {
        Parked parked = view.parked();
        if (parked != null) {
            standingStill(parked);
        } else if (!view.status().isClosed()) {
            running();
        }
    }

    private void standingStill(Parked parked) {
        lines.add("");
        String at = parked.node() == null ? parked.step() : parked.step() + " on " + parked.node();
        String since = " since " + Words.clock(parked.since()) + " (" + sinceNow(parked.since()) + ")";
        String what = view.status() == RunStatus.AWAITING_APPROVAL ? "awaits approval" : "stands";
        labelled(what.equals("stands") ? "stands" : "awaits", paint.bold("at " + at) + since, 1);
        labelled("why", parked.why(), 3);
        likeliest(parked);
        String members = MembersText.of(view);
        if (!members.isEmpty()) {
            labelled("etcd", members, 3);
        }
        for (String command : parked.next()) {
            labelled(command.equals(parked.next().get(0)) ? "next" : "", paint.bold(command), 1);
        }
        if (!situation.alsoWaiting().isEmpty()) {
            labelled("also", String.join("; ", situation.alsoWaiting()), 1);
        }
    }

    private void likeliest(Parked parked) {
        if (view.status() == RunStatus.AWAITING_APPROVAL) {
            return;
        }
        Diagnosis.of(parked.why(), Rules.shipped()).causes().stream()
                .findFirst()
                .ifPresent(cause -> labelled(
                        "cause",
                        cause.title() + " (" + DiagnosisText.likely(cause) + "): belay diagnose " + view.run(),
                        2));
    }

    private void running() {
        lines.add("");
        List<StepRecord> active = view.steps().stream()
                .filter(step -> step.state() == StepState.RUNNING || step.state() == StepState.WAITING)
                .toList();
        for (StepRecord step : active.subList(0, Math.min(6, active.size()))) {
            Instant start = step.startedAt();
            String span = start == null ? "" : " " + sinceNow(start);
            labelled(step.equals(active.get(0)) ? "now" : "", StepWords.place(step) + "  " + step.uses() + span, 1);
        }
        if (active.isEmpty()) {
            labelled("now", "nothing runs", 1);
        }
    }

    private List<String> taken() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    /** Nodes that are alike share a line; what does not fit in {@code most} lines is counted. */
    private void nodes(int most) {
        Map<String, List<String>> alike = new LinkedHashMap<>();
        for (Node node : view.nodes()) {
            String like = Words.pad(node.role().text(), 12) + "  "
                    + Words.pad(node.version().toString(), 9) + "  " + condition(node);
            alike.computeIfAbsent(like, any -> new ArrayList<>())
                    .add(node.name().value());
        }
        List<List<String>> groups = List.copyOf(alike.values());
        boolean all = groups.size() <= most;
        List<List<String>> shown = all ? groups : groups.subList(0, most - 1);
        int width = shown.stream()
                .mapToInt(names -> Words.width(Places.of(names)))
                .max()
                .orElse(0);
        lines.add("");
        String label = "nodes";
        for (List<String> names : shown) {
            String like = List.copyOf(alike.keySet()).get(groups.indexOf(names));
            labelled(label, Words.pad(Places.of(names), width) + "  " + like, 1);
            label = "";
        }
        if (!all) {
            int more = groups.subList(most - 1, groups.size()).stream()
                    .mapToInt(List::size)
                    .sum();
            labelled(label, "and " + more + " more: belay show " + view.run() + " -o json", 1);
        }
    }

    private String condition(Node node) {
        String ready = node.ready() ? "ready" : paint.alarm("not ready");
        return node.schedulable() ? ready : ready + ", " + paint.alarm("cordoned");
    }

    private void record() {
        lines.add("");
        labelled("done", done(), 1);
        labelled("changed", changed(), 2);
        String undone = places(StepState.UNDONE);
        if (!undone.isEmpty()) {
            labelled("undone", undone, 1);
        }
        if (view.parked() != null) {
            labelled("waiting", WaitCost.of(view), 2);
        }
        if (!view.status().isClosed()) {
            labelled("abort", abort(), 2);
        }
    }

    private String abort() {
        String would = situation.abortUndoes().isEmpty()
                ? "would change nothing"
                : "would " + String.join("; ", situation.abortUndoes());
        return would + "; versions stay as they are";
    }

    private String done() {
        Map<StepState, Long> counts = view.steps().stream()
                .collect(Collectors.groupingBy(StepRecord::state, TreeMap::new, Collectors.counting()));
        long done = counts.getOrDefault(StepState.DONE, 0L);
        String text = Words.count(done, "step");
        text += part(counts, StepState.ALREADY_DONE, "already done");
        text += part(counts, StepState.SKIPPED, "skipped");
        text += part(counts, StepState.PENDING, "to go");
        return view.steps().stream()
                .filter(step -> step.state() == StepState.DONE && step.endedAt() != null)
                .max(Comparator.comparing(step -> Objects.requireNonNull(step.endedAt())))
                .map(StepWords::place)
                .map((text + "; last ")::concat)
                .orElse(text);
    }

    private static String part(Map<StepState, Long> counts, StepState state, String words) {
        Long count = counts.get(state);
        return count == null ? "" : ", " + count + " " + words;
    }

    private String changed() {
        Map<String, List<String>> byAction = new LinkedHashMap<>();
        for (Effect effect : view.effects()) {
            String where =
                    effect.node() == null ? view.cluster() : effect.node().value();
            List<String> places = byAction.computeIfAbsent(effect.action(), action -> new ArrayList<>());
            if (!places.contains(where)) {
                places.add(where);
            }
        }
        if (byAction.isEmpty()) {
            return "nothing";
        }
        return byAction.entrySet().stream()
                .map(entry -> entry.getKey() + " " + Places.of(entry.getValue()))
                .collect(Collectors.joining("; "));
    }

    private String places(StepState state) {
        return view.steps().stream()
                .filter(step -> step.state() == state)
                .map(StepWords::place)
                .collect(Collectors.joining(", "));
    }

    private String sinceNow(Instant at) {
        return Words.span(Duration.between(at, situation.now()));
    }

    private void labelled(String label, String text, int most) {
        int room = columns - LABEL;
        List<String> broken = most == 1 ? List.of(Words.cut(text, room)) : Words.wrap(text, room, most);
        lines.add(paint.dim(Words.pad(label, LABEL)) + broken.get(0));
        broken.subList(1, broken.size()).forEach(line -> lines.add(" ".repeat(LABEL) + line));
    }
}
