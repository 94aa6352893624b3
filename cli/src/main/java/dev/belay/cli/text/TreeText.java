package dev.belay.cli.text;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.RunView;
import dev.belay.model.run.RunView.HopView;
import dev.belay.model.run.RunView.Parked;
import dev.belay.model.run.RunView.PhaseView;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The live tree: hops, phases, nodes, steps. What is finished or not begun is one line; what is under way is opened. */
public final class TreeText {

    private static final int NAME = 14;

    private final Situation situation;
    private final RunView view;
    private final Paint paint;
    private final List<String> lines = new ArrayList<>();

    private TreeText(Situation situation, Paint paint) {
        this.situation = situation;
        this.view = situation.view();
        this.paint = paint;
    }

    /** At most {@code rows} lines of at most {@code columns}. */
    public static List<String> of(Situation situation, Paint paint, int columns, int rows) {
        TreeText tree = new TreeText(situation, paint);
        tree.draw();
        List<String> lines = new ArrayList<>(
                tree.lines.stream().map(line -> Words.cut(line, columns)).toList());
        if (lines.size() > rows) {
            int over = lines.size() - rows + 1;
            lines.subList(rows - 1, lines.size()).clear();
            lines.add(paint.dim("  … " + over + " more lines; belay show has the whole"));
        }
        return lines;
    }

    private void draw() {
        lines.add(Headline.of(situation, paint));
        for (HopView hop : view.hops()) {
            if (HopLine.isFinished(hop)) {
                folded(StepState.DONE, "hop " + hop.to(), of(hop), "");
            } else if (hop.equals(view.hops().get(HopLine.current(view)))) {
                opened(hop);
            } else {
                lines.add(paint.sign(StepState.PENDING) + " " + paint.dim("hop " + hop.to()));
            }
        }
        Parked parked = view.parked();
        if (parked != null) {
            lines.add("");
            parked.next().stream()
                    .map(next -> paint.alarm("next ") + paint.bold(next))
                    .forEach(lines::add);
        }
    }

    private void opened(HopView hop) {
        lines.add(paint.sign(StepState.RUNNING) + " " + paint.bold("hop " + hop.to()));
        for (PhaseView phase : hop.phases()) {
            List<StepRecord> steps = of(hop).stream()
                    .filter(step -> step.phase() == phase.name())
                    .toList();
            if (isOpen(phase, steps)) {
                lines.add("  " + paint.sign(phase.state()) + " " + phase.name().text());
                hopSteps(steps);
                nodes(steps);
            } else {
                folded(phase.state(), phase.name().text(), steps, "  ");
            }
        }
    }

    private static boolean isOpen(PhaseView phase, List<StepRecord> steps) {
        return !phase.state().isSatisfied() && steps.stream().anyMatch(step -> step.state() != StepState.PENDING);
    }

    private void hopSteps(List<StepRecord> steps) {
        List<StepRecord> own =
                steps.stream().filter(step -> step.node() == null).toList();
        List<StepRecord> finished =
                own.stream().filter(step -> step.state().isSatisfied()).toList();
        if (!finished.isEmpty()) {
            folded(StepState.DONE, Words.count(finished.size(), "step"), finished, "      ");
        }
        own.stream().filter(step -> !step.state().isSatisfied()).forEach(step -> {
            if (step.state() == StepState.PENDING) {
                lines.add("      " + paint.sign(step.state()) + " " + paint.dim(step.id()));
            } else {
                lines.add("      " + active(step.id(), step));
            }
        });
    }

    private void nodes(List<StepRecord> steps) {
        Map<NodeName, List<StepRecord>> byNode = new LinkedHashMap<>();
        steps.stream().filter(step -> step.node() != null).forEach(step -> byNode.computeIfAbsent(
                        Objects.requireNonNull(step.node()), node -> new ArrayList<>())
                .add(step));
        List<String> waiting = new ArrayList<>();
        byNode.forEach((node, own) -> {
            if (own.stream().allMatch(step -> step.state() == StepState.PENDING)) {
                waiting.add(node.value());
            } else {
                node(node, own);
            }
        });
        if (!waiting.isEmpty()) {
            lines.add("      " + paint.sign(StepState.PENDING) + " " + paint.dim(Places.of(waiting)));
        }
    }

    private void node(NodeName node, List<StepRecord> own) {
        List<StepRecord> active = own.stream()
                .filter(step ->
                        step.state() != StepState.PENDING && !step.state().isSatisfied())
                .toList();
        long done = own.stream().filter(step -> step.state().isSatisfied()).count();
        if (done == own.size()) {
            folded(StepState.DONE, node.value(), own, "      ");
        } else if (active.isEmpty()) {
            lines.add("      " + paint.sign(StepState.PENDING) + " " + Words.pad(node.value(), NAME) + done + " of "
                    + own.size() + " steps");
        } else {
            active.forEach(step -> lines.add("      " + active(node.value(), step)));
        }
    }

    private String active(String name, StepRecord step) {
        Instant start = step.startedAt();
        String span = start == null ? "" : "  " + Words.span(Duration.between(start, situation.now()));
        String why = step.why() == null || step.why().isEmpty() ? "" : "  " + Words.line(step.why());
        String attempts = step.attempts() > 1 ? "  attempt " + step.attempts() : "";
        String what = name.equals(step.id()) ? step.uses() : step.id() + "  " + step.uses();
        return paint.sign(step.state()) + " " + Words.pad(name, NAME) + what + span + attempts + why;
    }

    private void folded(StepState state, String name, List<StepRecord> steps, String indent) {
        String text = indent + paint.sign(state) + " " + Words.pad(name, NAME + 6 - indent.length());
        if (state == StepState.PENDING) {
            lines.add(text.stripTrailing());
            return;
        }
        lines.add((text + Words.pad(Words.count(steps.size(), "step"), 10) + "  " + spent(steps)).stripTrailing());
    }

    private static String spent(List<StepRecord> steps) {
        Instant first = null;
        Instant last = null;
        for (StepRecord step : steps) {
            Instant start = step.startedAt();
            Instant end = step.endedAt();
            if (start != null && (first == null || start.isBefore(first))) {
                first = start;
            }
            if (end != null && (last == null || end.isAfter(last))) {
                last = end;
            }
        }
        return first == null || last == null ? "" : Words.span(Duration.between(first, last));
    }

    private List<StepRecord> of(HopView hop) {
        return view.steps().stream()
                .filter(step -> step.hop().equals(hop.to()))
                .filter(step -> !step.uses().equals("group"))
                .toList();
    }
}
