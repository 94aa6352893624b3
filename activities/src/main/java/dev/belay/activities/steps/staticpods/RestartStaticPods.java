package dev.belay.activities.steps.staticpods;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.StaticPodRestart;
import java.util.List;
import java.util.Map;

/**
 * Restarts the static pods of a control plane that still run with files as they were before: each manifest is moved out, waited for, moved
 * back, and a new container must be ready before the next. kubeadm renews certificates and leaves this to whoever called it.
 */
public final class RestartStaticPods extends DeclaredStep<RestartStaticPods.Input, RestartStaticPods.Output> {

    public record Input(
            @Doc(
                    value = "Go on although etcd has no quorum, as when every certificate has expired",
                    byDefault = "false")
            boolean outage) {}

    public record Output(
            @Doc("Components that were restarted, with the first digits of their new containers")
            List<String> restarted) {

        /** Of the containers by component. */
        public static Output of(Map<String, String> containers) {
            return new Output(containers.entrySet().stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue().substring(0, 12))
                    .toList());
        }
    }

    public RestartStaticPods() {
        super(
                "staticPods.restart",
                "Restarts the static pods of a control plane that run since before their certificates or kubeconfigs were written",
                Input.class,
                Output.class,
                Traits.node("30m", "2m").effect("static pods restarted"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        Output output = Output.of(new StaticPodRestart(context, context.host(), input.outage()).run());
        if (output.restarted().isEmpty()) {
            return Done.already(output, "the static pods of " + context.node() + " run with their files as they are");
        }
        return Done.done(output, context.node() + " runs new containers: " + String.join(", ", output.restarted()));
    }
}
