package dev.belay.activities.steps.node;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.backup.KeptFiles;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The kubelet's systemd unit on the node of a step. */
public record KubeletService(StepContext context) {

    /** What configures it, apart from its certificates. */
    public static final Set<String> FILES = Set.of(
            "/var/lib/kubelet/config.yaml",
            "/var/lib/kubelet/kubeadm-flags.env",
            "/var/lib/kubelet/instance-config.yaml",
            "/etc/default/kubelet");

    /** Written since 1.34 by kubeadm, from nothing. */
    private static final String INSTANCE = "/var/lib/kubelet/instance-config.yaml";

    /** Its files as they were kept; one that kubeadm has written since, and that was not there, goes. Returns what was changed. */
    public List<String> putBack(KeptFiles kept) {
        List<String> changed = new ArrayList<>(kept.putBack(context.host(), FILES::contains));
        boolean since = kept.content(INSTANCE).isEmpty()
                && context.host().read(INSTANCE).isPresent();
        if (since) {
            context.host().remove(INSTANCE);
            changed.add(INSTANCE);
        }
        return changed;
    }

    public void restart() {
        must("systemctl", "daemon-reload");
        must("systemctl", "restart", "kubelet");
    }

    private void must(String... argv) {
        Host host = context.host();
        CommandOutput output = host.run(Command.root(argv).within(Duration.ofMinutes(2)));
        if (!output.ok()) {
            throw StepFailure.of(
                            FailureKind.PERMANENT,
                            "KUBELET_RESTART",
                            host.node() + ": `" + String.join(" ", argv) + "` ended with " + output.exit() + ": "
                                    + output.err().strip(),
                            "`journalctl -u kubelet` on " + host.node() + ", then retry")
                    .withEvidence(output.err());
        }
    }

    public void awaitActive() {
        new Await(
                        context,
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(2),
                        "KUBELET_DOWN",
                        "`journalctl -u kubelet` on " + context.node() + "; repair it, then retry")
                .until(() -> {
                    String state = context.host()
                            .run(Command.of("systemctl", "is-active", "kubelet"))
                            .out()
                            .strip();
                    Optional<String> problem = state.equals("active")
                            ? Optional.empty()
                            : Optional.of("the kubelet of " + context.node() + " is " + state);
                    return problem.stream().toList();
                });
    }
}
