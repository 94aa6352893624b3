package dev.belay.activities.steps.downgrade;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EachHost;
import dev.belay.activities.steps.EachHost.Answer;
import dev.belay.activities.steps.Findings;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.StaticPods.StaticPod;
import dev.belay.model.kubernetes.NodeRole;
import java.util.List;
import java.util.Optional;

/**
 * Whether a live downgrade could come to its end, looked at before anything is changed: one healthy etcd, members of the minor and the next one
 * only, etcd's own {@code downgrade validate}, and on every control plane a kept manifest of that minor for the same member and data.
 */
public final class ValidateDowngrade extends DeclaredStep<ValidateDowngrade.Input, ValidateDowngrade.Output> {

    private static final List<String> SAME = List.of("--name", "--data-dir");

    public record Input(
            @Doc("The backup set that holds the old etcd manifests: <cluster>/<run>/<hop>/")
            String set,

            @Doc("etcd's minor to go back to, such as 3.5") String to) {}

    public record Output(
            @Doc("Members that are not of that minor yet") List<String> members,

            @Doc("The revision at which all members have the same hash")
            long revision) {}

    public ValidateDowngrade() {
        super(
                "etcd.validateDowngrade",
                "Looks whether etcd could be taken back to the minor before while it serves, with the manifests that were kept",
                Input.class,
                Output.class,
                Traits.cluster("5m", "5s"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        EtcdMinor target = EtcdMinor.parse(input.to());
        Members members = Members.of(context, target);
        Findings findings = new Findings();
        members.problems().forEach(problem -> findings.stop("ETCD_UNHEALTHY", problem, "heal etcd first"));
        members.foreign()
                .forEach(what -> findings.stop(
                        "ETCD_VERSION",
                        "etcd member " + what + ", and only " + target.next() + " goes back to " + target,
                        "a live downgrade goes back one minor: restore is the way"));
        if (members.notReady().size() == members.picture().members().size()) {
            findings.look(() -> context.etcd().validateDowngrade(target.toString()));
        }
        for (Answer<Boolean> answer : EachHost.of(
                context,
                context.inventory().hosts(NodeRole.CONTROL_PLANE),
                (entry, host) -> manifest(context, input.set(), target, host))) {
            Optional.ofNullable(answer.failure()).ifPresent(findings::stop);
        }
        findings.judge();
        List<String> ahead = List.copyOf(members.ahead().keySet());
        long revision = members.picture().revision();
        return Done.done(
                new Output(ahead, revision),
                ahead.isEmpty()
                        ? "every member is of etcd " + target + " already"
                        : String.join(", ", ahead) + " can be taken back to etcd " + target + "; revision " + revision);
    }

    private static boolean manifest(StepContext context, String set, EtcdMinor target, Host host) {
        StaticPod kept = KeptManifest.of(context, set, host, target).pod();
        Optional<StaticPod> now = StaticPods.of(host).pod("etcd");
        for (String flag : SAME) {
            if (now.isPresent() && !now.get().flag(flag).equals(kept.flag(flag))) {
                throw KeptManifest.unfit(
                        host.node(),
                        "has " + flag + "=" + kept.flag(flag).orElse("") + ", and the one in use "
                                + now.get().flag(flag).orElse(""));
            }
        }
        return true;
    }
}
