package dev.belay.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.activities.Ports;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.plan.Plan;
import dev.belay.model.runbook.Runbook;
import dev.belay.worker.Rehearsal.Settings;
import dev.belay.worker.RehearsedRoundTrips;
import dev.belay.worker.RoundTrip;
import dev.belay.worker.WaysBack;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** {@code belay rehearse --with-rollback}: the climb, broken in each phase, and every way back that is open there. */
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
        Function<Ports, Plan> planned = ports -> plan(runbook, ports, climb);
        WaysBack ways =
                new WaysBack(Documents.shipped(WayBackStart.RESTORE), Documents.shipped(WayBackStart.ETCD_DOWNGRADE));
        List<RoundTrip> trips = new RehearsedRoundTrips(settings, planned, ways, told).all();
        return new Report(
                runbook.name() + " " + runbook.version(),
                settings.shape().version(),
                climb.to(runbook).orElseThrow(),
                settings.seed(),
                trips.stream().allMatch(RoundTrip::passed),
                trips);
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
