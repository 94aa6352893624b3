package dev.belay.activities.steps;

import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.Host;
import dev.belay.model.kubernetes.KubernetesVersion;
import java.util.Optional;

/** What dpkg of a host says of one package. */
public final class InstalledPackage {

    private InstalledPackage() {}

    /** Its version with the revision, such as {@code 1.34.4-1.1}; empty when it is not installed. */
    public static Optional<String> version(Host host, String name) {
        CommandOutput output = host.run(Command.of("dpkg-query", "-W", "-f", "${Version}", name));
        return output.ok() ? Optional.of(output.out().strip()).filter(text -> !text.isEmpty()) : Optional.empty();
    }

    /** The version of Kubernetes that a package's version is of. */
    public static Optional<KubernetesVersion> upstream(String version) {
        int dash = version.lastIndexOf('-');
        return KubernetesVersion.tryParse(dash < 0 ? version : version.substring(0, dash));
    }
}
