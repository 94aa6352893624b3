package dev.belay.activities.steps.space;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.EtcdQuota;
import dev.belay.activities.steps.Nothing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Tells how full each member's database is, which alarms there are, and which prefixes have most keys: what fills etcd is for a person to
 * find and stop. Reads only; works while NOSPACE refuses every write.
 */
public final class InspectEtcd extends DeclaredStep<Nothing, InspectEtcd.Output> {

    private static final int SHOWN = 8;

    public record Output(
            @Doc("Says whether an alarm NOSPACE is raised: no write is taken then, by the API neither")
            boolean nospace,

            @Doc("The lowest revision that a member answers with")
            long revision,

            @Doc("Size of the largest database file, in bytes")
            long bytes,

            @Doc("How much of it is in use, in bytes") long inUse,

            @Doc("One line for each member: size, quota, use, alarms")
            List<String> members,

            @Doc("The prefixes with most keys, most first") List<String> prefixes) {}

    public InspectEtcd() {
        super(
                "etcd.inspect",
                "Tells how full the database of every etcd member is, which alarms there are, and which prefixes have most keys",
                Nothing.class,
                Output.class,
                Traits.cluster("5m", "10s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        Space space = Space.of(context);
        EtcdPicture picture = space.picture();
        List<String> lines = new ArrayList<>();
        picture.statuses().forEach((name, status) -> lines.add(line(context, space, name, status)));
        MemberStatus largest = picture.statuses().values().stream()
                .max(Comparator.comparing(MemberStatus::dbSize))
                .orElseThrow(space::silent);
        List<String> prefixes = prefixes(context, space);
        Output output = new Output(
                !space.full().isEmpty(), picture.revision(), largest.dbSize(), largest.dbSizeInUse(), lines, prefixes);
        return Done.done(
                output,
                String.join("; ", lines) + "; most keys: "
                        + String.join(", ", prefixes.subList(0, Math.min(3, prefixes.size()))));
    }

    private static String line(StepContext context, Space space, String name, MemberStatus status) {
        long quota = EtcdQuota.of(context, name);
        String alarms = space.alarmsOf(status.memberId());
        return name + " " + Space.megabytes(status.dbSize()) + " of " + Space.megabytes(quota) + ", "
                + Space.megabytes(status.dbSizeInUse()) + " in use" + (alarms.isEmpty() ? "" : ", " + alarms);
    }

    private static List<String> prefixes(StepContext context, Space space) {
        EtcdMember asked = space.picture().members().stream()
                .filter(member -> space.picture().statuses().containsKey(member.name()))
                .findFirst()
                .orElseThrow();
        long revision = space.status(asked).revision();
        return context.etcd().counts(asked, revision).entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(SHOWN)
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList();
    }
}
