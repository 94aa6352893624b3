package dev.belay.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.activities.Ports;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.plan.Plan;
import dev.belay.model.runbook.Runbook;
import dev.belay.worker.Rehearsal;
import dev.belay.worker.Rehearsal.Settings;
import dev.belay.worker.RehearsedRoundTrips;
import dev.belay.worker.RoundTrip;
import dev.belay.worker.WaysBack;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code belay rehearse --with-rollback}: the climb, hop by hop, broken in each phase, and every way back that is open there. Each hop is on
 * twins that begin where it does.
 */
final class RehearsedWayBack {

    private RehearsedWayBack() {}

    /** As {@code -o json} prints it. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Report(
            String runbook,
            KubernetesVersion from,
            KubernetesVersion to,
            long seed,
            boolean passed,
            List<RoundTrip> trips) {}

    static Report report(Runbook runbook, ClimbChoice climb, Settings settings, Consumer<String> told) {
        WaysBack ways =
                new WaysBack(Documents.shipped(WayBackStart.RESTORE), Documents.shipped(WayBackStart.ETCD_DOWNGRADE));
        List<RoundTrip> trips = new ArrayList<>();
        for (Hop hop : hops(runbook, climb, settings)) {
            ClimbChoice one = climb.hopTo(hop.to());
            trips.addAll(
                    new RehearsedRoundTrips(settings.at(hop.from()), ports -> plan(runbook, ports, one), ways, told)
                            .all());
        }
        return new Report(
                runbook.name() + " " + runbook.version(),
                settings.shape().version(),
                climb.to(runbook).orElseThrow(),
                settings.seed(),
                trips.stream().allMatch(RoundTrip::passed),
                trips);
    }

    private static List<Hop> hops(Runbook runbook, ClimbChoice climb, Settings settings) {
        try (Rehearsal rehearsal = Rehearsal.start(settings, line -> {})) {
            return plan(runbook, rehearsal.ports(), climb).hops();
        }
    }

    private static Plan plan(Runbook runbook, Ports ports, ClimbChoice climb) {
        Planned planned = Planned.rehearsed(runbook, ports, climb);
        Plan plan = planned.plan();
        if (plan == null || planned.isBlocked()) {
            throw Stop.with(
                    Exit.FINDINGS,
                    "the climb cannot be planned: "
                            + String.join(
                                    "; ",
                                    planned.blockers().stream()
                                            .map(blocker -> blocker.object() + ": " + blocker.why())
                                            .toList()));
        }
        return plan;
    }
}
