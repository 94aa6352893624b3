package dev.belay.activities.steps.downgrade;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.DeclaredStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Every member and the cluster version are of the older minor, the members have the same data and no alarm, and etcd counts the downgrade as
 * over. The cluster version is what etcd answers to {@code downgrade validate} of one minor further back, which changes nothing and is refused
 * while a downgrade is under way.
 */
public final class VerifyDowngraded extends DeclaredStep<VerifyDowngraded.Input, VerifyDowngraded.Output> {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    public record Input(
            @Doc("etcd's minor that was gone back to, such as 3.5")
            String to) {}

    public record Output(
            @Doc("The minor of the cluster version") String cluster,

            @Doc("The revision at which all members have the same hash")
            long revision) {}

    public VerifyDowngraded() {
        super(
                "etcd.verifyDowngraded",
                "Waits until every member and the cluster version are of the older minor, with equal hashes and no alarm",
                Input.class,
                Output.class,
                Traits.cluster("7m", "10s"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        EtcdMinor target = EtcdMinor.parse(input.to());
        Members[] seen = new Members[1];
        new Await(context, LIMIT, PAUSE, "ETCD_NOT_DOWNGRADED", "look at the logs of etcd of what is named, then retry")
                .until(() -> {
                    seen[0] = Members.of(context, target);
                    return missing(seen[0], context);
                });
        long revision = seen[0].picture().revision();
        return Done.done(
                new Output(target.toString(), revision),
                seen[0].picture().members().size() + " members and the cluster version are of etcd " + target
                        + ", with one hash at revision " + revision);
    }

    private static List<String> missing(Members members, StepContext context) {
        List<String> missing = new ArrayList<>(members.problems());
        members.ahead().forEach((name, status) -> missing.add("etcd member " + name + " runs " + status.version()));
        if (missing.isEmpty()) {
            clusterVersion(members.target(), context, missing);
        }
        return missing;
    }

    /** The members find out for themselves that all are back, a moment after the last one is. */
    private static void clusterVersion(EtcdMinor target, StepContext context, List<String> missing) {
        try {
            String cluster = context.etcd().validateDowngrade(target.previous().toString());
            if (!cluster.equals(target.toString())) {
                missing.add("the cluster version is " + cluster);
            }
        } catch (StepFailure e) {
            if (!e.failure().code().equals("ETCD_REFUSED")) {
                throw e;
            }
            missing.add(e.failure().why());
        }
    }
}
