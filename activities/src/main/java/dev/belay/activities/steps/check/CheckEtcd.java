package dev.belay.activities.steps.check;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.EtcdQuota;
import dev.belay.activities.steps.Findings;
import dev.belay.activities.steps.Nothing;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.HopFacts;
import dev.belay.model.kubernetes.HopFacts.EtcdBefore;
import dev.belay.model.kubernetes.KnownBad;
import dev.belay.model.kubernetes.Severity;
import dev.belay.model.plan.Acceptance;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at every etcd member: membership, one cluster, one leader, terms, lag, alarms, the hash at one revision, versions known to do
 * harm, what the next etcd minor asks of this one, and room in the database. A member's version is what it says itself: an image's tag may
 * say something else.
 */
public final class CheckEtcd extends DeclaredStep<Nothing, CheckEtcd.Output> {

    private static final String TOO_OLD = "etcd-too-old-for-hop";
    private static final double FULL = 0.85;
    private static final double FILLING = 0.70;
    private static final long WORTH_DEFRAGMENTING = 256L << 20;

    public record Output(
            @Doc("How many members there are") int members,

            @Doc("The lowest version that any member answers with")
            String version,

            @Doc("The revision at which all members have the same hash")
            long revision,

            @Doc("Size of the largest member's database, in bytes")
            long bytes) {}

    public CheckEtcd() {
        super(
                "check.etcd",
                "Looks at every etcd member: one cluster, one leader, caught up, same data, no alarm, a version fit for the hop, room",
                Nothing.class,
                Output.class,
                Traits.cluster("3m", "5s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        EtcdPicture[] seen = new EtcdPicture[1];
        new Await(
                        context,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(5),
                        "ETCD_UNHEALTHY",
                        "heal etcd first: look at the etcd static pods (of an external etcd at its units), `etcdctl endpoint status --cluster`, `etcdctl alarm list`; an alarm"
                                + " NOSPACE is ended by belay run runbooks/etcd-space.yaml, after this run has ended")
                .until(() -> {
                    seen[0] = EtcdPicture.take(context.etcd());
                    return seen[0].problems(context.inventory().etcdMembers());
                });
        EtcdPicture picture = seen[0];
        Findings findings = new Findings();
        EtcdVersion lowest = versions(picture, context, findings);
        picture.statuses().forEach((name, status) -> room(context, name, status, findings));
        findings.judge();
        long bytes = picture.statuses().values().stream()
                .mapToLong(MemberStatus::dbSize)
                .max()
                .orElse(0);
        int members = picture.members().size();
        return Done.done(
                new Output(members, lowest.toString(), picture.revision(), bytes),
                findings.report(members + " members of etcd " + lowest + " agree at revision " + picture.revision()));
    }

    private static EtcdVersion versions(EtcdPicture picture, StepContext context, Findings findings) {
        EtcdVersion lowest = null;
        for (Map.Entry<String, MemberStatus> member : picture.statuses().entrySet()) {
            EtcdVersion version = EtcdVersion.parse(member.getValue().version());
            lowest = lowest == null || version.compareTo(lowest) < 0 ? version : lowest;
            for (KnownBad bad : KnownBad.of(version)) {
                String what = "etcd " + version + " of " + member.getKey() + ": " + bad.why();
                say(bad.blocks(), what + " (" + bad.source() + ")", "take " + bad.remedy(), findings);
            }
            before(member.getKey(), version, context, findings);
        }
        if (picture.statuses().values().stream()
                        .map(MemberStatus::version)
                        .distinct()
                        .count()
                > 1) {
            findings.warn("etcd members run different versions, as in the middle of a hop");
        }
        return lowest == null ? new EtcdVersion(0, 0, 0) : lowest;
    }

    private static void before(String member, EtcdVersion version, StepContext context, Findings findings) {
        Hop hop = context.call().hop();
        Optional<Acceptance> accepted = context.inventory().acceptance(TOO_OLD);
        if (context.inventory().hasExternalEtcd() || !HopFacts.knows(hop.to())) {
            return;
        }
        HopFacts facts = HopFacts.load(hop.to().minorText());
        if (!version.isOfOlderMinorThan(facts.images().etcdVersion())) {
            return;
        }
        for (EtcdBefore before : facts.etcdBefore()) {
            if (version.compareTo(before.minimum()) < 0) {
                say(
                        before.severity() == Severity.BLOCK && accepted.isEmpty(),
                        "etcd " + version + " of " + member + " is older than " + before.minimum()
                                + ", and the hop raises etcd's minor: " + before.why() + " (" + before.source() + ")"
                                + accepted.map(by -> "; " + by.words()).orElse(""),
                        "raise etcd to " + before.minimum()
                                + " first (etcd.local.imageTag in kubeadm-config), or put " + TOO_OLD
                                + " under accept in the inventory and start again, or skip this check on record",
                        findings);
            }
        }
    }

    private static void say(boolean stops, String what, String remedy, Findings findings) {
        if (stops) {
            findings.stop("ETCD_VERSION", what, remedy);
        } else {
            findings.warn(what);
        }
    }

    private static void room(StepContext context, String member, MemberStatus status, Findings findings) {
        long quota = EtcdQuota.of(context, member);
        double used = (double) status.dbSize() / quota;
        if (used > FULL) {
            findings.stop(
                    "ETCD_FULL",
                    "the database of etcd member " + member + " fills " + Math.round(used * 100) + " % of its quota of "
                            + quota + " bytes",
                    "make room before the hop: belay run runbooks/etcd-space.yaml, after this run has ended");
        } else if (used > FILLING) {
            findings.warn("the database of " + member + " fills " + Math.round(used * 100) + " % of its quota");
        }
        if (status.dbSize() > WORTH_DEFRAGMENTING && status.dbSizeInUse() * 2 < status.dbSize()) {
            findings.warn("more than half of the database of " + member + " is free: defragment it before the hop");
        }
    }
}
