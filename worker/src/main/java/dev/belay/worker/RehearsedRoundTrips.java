package dev.belay.worker;

import dev.belay.activities.Ports;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.plan.Expansion;
import dev.belay.model.plan.Plan;
import dev.belay.model.plan.PlannedStep;
import dev.belay.model.run.Rung;
import dev.belay.model.runbook.Phase;
import dev.belay.twin.Fault;
import dev.belay.twin.FaultPlan;
import dev.belay.worker.Rehearsal.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Climbs of the twin by one hop that are broken on purpose in each phase in turn, and go back by each rung that is open there. A world cannot be set
 * back to a saved copy, so each way back has a climb and a world of its own, all of one seed.
 *
 * @param settings of every rehearsal, without faults
 * @param planned the plan of a climb, made of what is seen of the twin
 * @param ways the runbooks that lead a rung
 * @param told hears what is under way, one line each
 */
public record RehearsedRoundTrips(
        Settings settings, Function<Ports, Plan> planned, WaysBack ways, Consumer<String> told) {

    public List<RoundTrip> all() {
        List<RoundTrip> trips = new ArrayList<>();
        Plan plan = plan();
        List<PlannedStep> steps = Expansion.steps(plan);
        KubernetesVersion hop = plan.hops().get(0).to();
        for (Phase phase : Phase.values()) {
            Optional<Fault> fault = RehearsedBreaks.of(steps, phase);
            if (fault.isEmpty()) {
                trips.add(RoundTrip.untried(hop, phase, "", null));
            } else {
                trips.addAll(from(hop, phase, fault.get()));
            }
        }
        return trips;
    }

    private Plan plan() {
        try (Rehearsal rehearsal = Rehearsal.start(settings, line -> {})) {
            return planned.apply(rehearsal.ports());
        }
    }

    /** The first climb shows which rungs are open, and takes the first of them. */
    private List<RoundTrip> from(KubernetesVersion hop, Phase phase, Fault fault) {
        List<RoundTrip> trips = new ArrayList<>();
        List<Rung> open = new ArrayList<>();
        do {
            trips.add(trip(hop, phase, fault, open));
        } while (!open.isEmpty());
        return trips;
    }

    private RoundTrip trip(KubernetesVersion hop, Phase phase, Fault fault, List<Rung> left) {
        Settings broken = settings.with(new FaultPlan(List.of(fault)));
        boolean first = left.isEmpty();
        try (Rehearsal rehearsal = Rehearsal.start(broken, line -> {})) {
            RehearsedClimb climb = RehearsedClimb.of(rehearsal, planned.apply(rehearsal.ports()), phase, fault, ways);
            if (first) {
                left.addAll(climb.open());
            }
            if (left.isEmpty()) {
                return RoundTrip.untried(hop, phase, fault.toString(), null);
            }
            Rung rung = left.remove(0);
            told.accept(hop + " " + phase.text() + ": stands at " + fault + ", goes back by " + rung.text());
            return climb.back(rung);
        } catch (IllegalStateException e) {
            left.clear();
            return RoundTrip.untried(hop, phase, fault.toString(), e.getMessage());
        }
    }
}
