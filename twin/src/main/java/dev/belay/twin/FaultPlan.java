package dev.belay.twin;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.StepCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The faults of one rehearsal. Each happens once: at the first call that matches it, and again at every further attempt of that step until a
 * person's retry ({@code redo} above 0).
 */
public final class FaultPlan {

    private final List<Fault> faults;
    private final Map<String, String> bound = new TreeMap<>();
    private final Set<String> over = new TreeSet<>();

    public FaultPlan(List<Fault> faults) {
        this.faults = List.copyOf(faults);
    }

    public static FaultPlan none() {
        return new FaultPlan(List.of());
    }

    /** Reads several {@code <step>=<fault>[@node]}. */
    public static FaultPlan parse(List<String> texts) {
        return new FaultPlan(texts.stream().map(Fault::parse).toList());
    }

    public List<Fault> faults() {
        return faults;
    }

    /** Those that hold for this call. */
    synchronized List<Fault> at(StepCall call) {
        List<Fault> holding = new ArrayList<>();
        for (Fault fault : faults) {
            if (fault.matches(call) && !over.contains(fault.toString())) {
                String first = bound.computeIfAbsent(fault.toString(), text -> place(call));
                if (first.equals(place(call)) && call.redo() == 0) {
                    holding.add(fault);
                }
            }
        }
        return holding;
    }

    /** What has happened so far does not happen again. */
    synchronized void end() {
        over.addAll(bound.keySet());
    }

    /** The node a fault happens at: the one it names, else the step's. */
    static @Nullable NodeName target(Fault fault, StepCall call) {
        if (fault.node() != null) {
            return fault.node();
        }
        return call.node() == null ? null : call.node().name();
    }

    private static String place(StepCall call) {
        return call.hop().to() + "/" + (call.node() == null ? "" : call.node().name()) + "/" + call.step();
    }
}
