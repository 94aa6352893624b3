package dev.belay.workflows.client;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.EtcdDowngrade;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.RunView.RungView;
import dev.belay.model.run.Rung;
import dev.belay.model.run.StepRecord;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.StepSignature;
import dev.belay.workflows.HopState;
import dev.belay.workflows.Notice;
import dev.belay.workflows.RunState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ways back that are open where a run stands, and what each costs and loses. Pure: what must be asked of the cluster is asked later.
 *
 * @param etcdBackBy the run that has taken etcd back to the minor before since; null when none has
 */
record Ladder(
        RunState run,
        List<HopState> hops,
        List<LedgerEntry> ledger,
        List<StepRecord> steps,
        @Nullable String etcdBackBy) {

    private static final String NOTHING = "nothing";

    List<RungView> rungs() {
        if (plan().goesBack()) {
            return List.of();
        }
        return List.of(step(), node(), hold(), etcdDowngrade(), restore());
    }

    private RungView step() {
        Optional<Notice> parked = run.waiting().stream()
                .filter(notice -> notice.kind() == Notice.Kind.PARKED)
                .findFirst();
        if (parked.isEmpty()) {
            return closed(Rung.STEP, "no step stands");
        }
        Notice notice = parked.get();
        boolean back = back().anyMatch(entry -> entry.step().equals(notice.step())
                && entry.hop().equals(notice.hop())
                && Objects.equals(entry.node(), notice.node()));
        return back
                ? open(Rung.STEP, "takes back " + notice.place() + ", and stands there", NOTHING, 0)
                : closed(Rung.STEP, notice.place() + " has changed nothing that can be taken back");
    }

    private Stream<LedgerEntry> back() {
        return ledger.stream().filter(entry -> entry.isOpen() && entry.call() != null);
    }

    private RungView node() {
        Hop hop = current();
        Set<NodeName> changed = back().filter(entry ->
                        hop != null && entry.hop().equals(hop.to()) && entry.node() != null && isReversible(entry))
                .map(LedgerEntry::node)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<NodeName> workers = new LinkedHashSet<>(changed);
        plan().cluster().nodes(NodeRole.CONTROL_PLANE).forEach(node -> workers.remove(node.name()));
        if (membersAreNew() || !workers.isEmpty()) {
            changed.retainAll(workers);
        }
        if (changed.isEmpty()) {
            return closed(
                    Rung.NODE,
                    membersAreNew()
                            ? "no worker was changed, and a control plane cannot go back alone once every etcd member is new"
                            : "no node was changed in this hop");
        }
        String workersFirst =
                workers.isEmpty() ? "" : "; a control plane only when no worker's kubelet is newer than it would be";
        return new RungView(
                Rung.NODE,
                true,
                "takes one of " + changed.stream().map(NodeName::value).collect(Collectors.joining(", ")) + " back to "
                        + Objects.requireNonNull(hop).from() + ", drained; ends the run" + workersFirst,
                "nothing, but its pods move",
                0,
                Rung.NODE.approvals(),
                List.copyOf(changed));
    }

    private RungView hold() {
        if (run.status().isClosed()) {
            return closed(Rung.HOLD, "the run is over");
        }
        if (!plan().changesVersions()) {
            return closed(Rung.HOLD, "this run changes no version");
        }
        if (!controlPlaneIsNew()) {
            return closed(Rung.HOLD, "the control plane is not new on every node yet");
        }
        return open(
                Rung.HOLD, "stops here: new control plane, kubelets as they are, looked at; ends the run", NOTHING, 0);
    }

    private RungView etcdDowngrade() {
        Optional<EtcdDowngrade> minors = Optional.ofNullable(current()).flatMap(EtcdDowngrade::of);
        String why = minors.map(this::notDowngraded).orElse("etcd's minor was not raised by this hop");
        return why.isEmpty() ? downgrade(minors.orElseThrow()) : closed(Rung.ETCD_DOWNGRADE, why);
    }

    /** Why a live downgrade is closed; empty when it is open. */
    private String notDowngraded(EtcdDowngrade minors) {
        if (!controlPlaneIsNew()) {
            return "not every member is new yet: until then a control plane goes back by the rung node";
        }
        if (!minors.isOffered()) {
            return "etcd " + minors.fromMinor() + " cannot go back to " + minors.toMinor()
                    + " live: restore is the way";
        }
        if (etcdBackBy != null) {
            return "run " + etcdBackBy + " has taken etcd back to " + minors.toMinor();
        }
        return snapshot().isEmpty() ? "this hop has kept no old manifests" : "";
    }

    /** A control plane that is alone has nobody who answers while its etcd restarts. */
    private RungView downgrade(EtcdDowngrade minors) {
        boolean alone = plan().cluster().nodes(NodeRole.CONTROL_PLANE).size() == 1;
        return new RungView(
                Rung.ETCD_DOWNGRADE,
                true,
                "takes etcd from " + minors.fromMinor() + " back to " + minors.toMinor()
                        + ", live, one member at a time"
                        + (alone ? ", the only API server being away while its etcd restarts" : "")
                        + "; Kubernetes stays as it is; etcd calls it experimental; a run of its own: runbooks/etcd-downgrade.yaml",
                NOTHING,
                alone ? null : 0,
                Rung.ETCD_DOWNGRADE.approvals(),
                List.of());
    }

    private RungView restore() {
        Map<String, Object> snapshot = snapshot();
        if (snapshot.isEmpty()) {
            return closed(Rung.RESTORE, "this hop has taken no snapshot yet");
        }
        Hop hop = Objects.requireNonNull(current());
        if (!filesAreKept(hop)) {
            return closed(Rung.RESTORE, "this hop has not kept the files of the nodes yet");
        }
        return open(
                Rung.RESTORE,
                "takes every member back to " + snapshot.get("path") + " at revision " + snapshot.get("revision")
                        + ", and every node to " + hop.from() + "; a run of its own: runbooks/etcd-restore.yaml",
                "every write since that snapshot",
                OUTAGE_SECONDS);
    }

    private boolean filesAreKept(Hop hop) {
        return steps.stream()
                .filter(step -> step.hop().equals(hop.to()) && step.uses().equals("backup.files"))
                .allMatch(step -> step.state().isSatisfied());
    }

    /** What the snapshot step of the hop gave back; empty when there is none. */
    Map<String, Object> snapshot() {
        return snapshot(hops);
    }

    static String backupSet(Map<String, Object> snapshot) {
        String path = String.valueOf(snapshot.getOrDefault("path", ""));
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    /** That of the last of these hops. */
    static Map<String, Object> snapshot(List<HopState> hops) {
        return hops.stream()
                .skip(Math.max(0, hops.size() - 1))
                .flatMap(hop -> hop.outputs().values().stream())
                .filter(output -> output.containsKey("revision") && output.containsKey("path"))
                .findFirst()
                .orElse(Map.of());
    }

    private boolean isReversible(LedgerEntry entry) {
        StepSignature signature = plan().signatures().get(entry.uses());
        return signature != null && signature.reversible();
    }

    /** Every member's data are of the newer minor, so that no control plane can go back alone. */
    private boolean membersAreNew() {
        Hop hop = current();
        return hop != null && hop.raisesEtcdMinor() && controlPlaneIsNew() && etcdBackBy == null;
    }

    /** Every step that raises a control plane has come to its end. */
    private boolean controlPlaneIsNew() {
        Hop hop = current();
        return hop != null
                && steps.stream()
                        .filter(step -> step.hop().equals(hop.to()) && step.phase() == Phase.CONTROL_PLANE)
                        .filter(step -> step.uses().startsWith("kubeadm."))
                        .allMatch(step -> step.state().isSatisfied());
    }

    /** The hop under way, or the last one that was. */
    @Nullable
    Hop current() {
        return hops.isEmpty() ? null : hops.get(hops.size() - 1).hop();
    }

    private Plan plan() {
        return run.plan();
    }

    private static RungView open(Rung rung, String why, String loses, int outage) {
        return new RungView(rung, true, why, loses, outage, rung.approvals(), List.of());
    }

    private static RungView closed(Rung rung, String why) {
        return new RungView(rung, false, why, "", null, rung.approvals(), List.of());
    }

    /** Measured on three control planes of the lab, docs/safety.md. */
    private static final int OUTAGE_SECONDS = 71;
}
