package dev.belay.activities.steps.verify;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.Undoable;
import dev.belay.activities.steps.ClusterConfiguration;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Nothing;
import dev.belay.model.kubernetes.NodeName;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks cluster DNS for the API's own service from a pod on every node: CoreDNS, kube-proxy and the pod network work there. */
public final class VerifyDns extends DeclaredStep<Nothing, VerifyDns.Output>
        implements Undoable<Nothing, VerifyDns.Output> {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    public record Output(
            @Doc("Nodes from which the name was found") int nodes) {}

    public VerifyDns() {
        super(
                "verify.dns",
                "Looks up the API's service name from a pod on every node",
                Nothing.class,
                Output.class,
                Traits.cluster("6m", "10s").effect("probe pods run"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        String name = "kubernetes.default.svc." + domain(context);
        ProbePods probes = new ProbePods(context);
        int nodes = 0;
        for (NodeName node : probes.nodes()) {
            probes.add("lookup-" + nodes++, node, script(name));
        }
        probes.prove(LIMIT, "DNS_NOT_ANSWERED", "look at CoreDNS and kube-proxy, then retry");
        return Done.done(new Output(nodes), name + " was found from " + nodes + " nodes");
    }

    @Override
    public String undo(Nothing input, @Nullable Output output, StepContext context) {
        return new ProbePods(context).undo();
    }

    /** A freshly started resolver may drop the first question. */
    private static String script(String name) {
        return "for try in 1 2 3 4 5; do nslookup " + name + " && exit 0; sleep 2; done; exit 1";
    }

    private static String domain(StepContext context) {
        String domain = ClusterConfiguration.of(context.kube()).dnsDomain();
        return DOMAIN.matcher(domain).matches() ? domain : "cluster.local";
    }
}
