package dev.belay.activities.steps.packages;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.InstalledPackage;
import dev.belay.model.run.FailureKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What apt and dpkg of one host say, and the marks that hold a package. */
record AptHost(Host host) {

    /** The version dpkg has; empty when the package is not installed. */
    Optional<String> installed(String name) {
        return InstalledPackage.version(host, name);
    }

    /** Those of the packages that are held, sorted. */
    List<String> held(Collection<String> names) {
        String out = must(Command.of("apt-mark", "showhold"));
        TreeSet<String> held = new TreeSet<>(names);
        held.retainAll(out.lines().map(String::strip).toList());
        return List.copyOf(held);
    }

    void hold(Collection<String> names) {
        mark("hold", names);
    }

    void unhold(Collection<String> names) {
        mark("unhold", names);
    }

    /** Versions of a package that the configured repositories have. */
    List<String> available(String name) {
        List<String> versions = new ArrayList<>();
        CommandOutput output = host.run(Command.of("apt-cache", "madison", name));
        for (String line : output.out().lines().toList()) {
            List<String> columns = List.of(line.split("\\|", -1));
            if (columns.size() >= 2) {
                versions.add(columns.get(1).strip());
            }
        }
        return versions;
    }

    String must(Command command) {
        CommandOutput output = host.run(command);
        if (!output.ok()) {
            throw StepFailure.of(
                            FailureKind.PERMANENT,
                            "COMMAND_FAILED",
                            host.node() + ": `" + String.join(" ", command.argv()) + "` ended with " + output.exit()
                                    + ": " + (output.err() + output.out()).strip(),
                            "run it on " + host.node() + " and look")
                    .withEvidence(output.out() + output.err());
        }
        return output.out();
    }

    private void mark(String word, Collection<String> names) {
        if (names.isEmpty()) {
            return;
        }
        List<String> argv = new ArrayList<>(List.of("apt-mark", word));
        argv.addAll(new TreeSet<>(names));
        must(Command.root(argv.toArray(String[]::new)));
    }
}
