package dev.belay.cli;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.runbook.Purpose;
import dev.belay.model.runbook.Runbook;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where a climb goes, and with which inputs. */
final class ClimbChoice {

    @Option(
            names = "--to",
            paramLabel = "VERSION",
            description = "Where an upgrade ends, such as v1.34.4; maintenance changes no version and has none",
            converter = Version.class)
    private @Nullable KubernetesVersion to;

    @Option(
            names = "--via",
            split = ",",
            paramLabel = "VERSION",
            description =
                    "Versions to take on the way, one for each minor; default is the newest its package repository has",
            converter = Version.class)
    private List<KubernetesVersion> via = List.of();

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "An input of the runbook")
    private Map<String, String> inputs = new LinkedHashMap<>();

    /** Maintenance with these inputs. */
    static ClimbChoice of(Map<String, String> inputs) {
        ClimbChoice choice = new ClimbChoice();
        choice.inputs = inputs;
        return choice;
    }

    /** One hop of it, with the same inputs. */
    ClimbChoice hopTo(KubernetesVersion version) {
        ClimbChoice choice = of(inputs);
        choice.to = version;
        return choice;
    }

    /** The target that this runbook goes to; empty for maintenance. */
    Optional<KubernetesVersion> to(Runbook runbook) {
        boolean goes = runbook.purpose() == Purpose.UPGRADE;
        if (goes && to == null) {
            throw Stop.error("runbook " + runbook.name()
                    + " is an upgrade, and nothing says where it ends: add --to, such as --to v1.34.4");
        }
        if (!goes && to != null) {
            throw Stop.error("runbook " + runbook.name() + " goes to no version, since its purpose is "
                    + runbook.purpose().text() + ": leave out --to " + to);
        }
        return Optional.ofNullable(to);
    }

    List<String> via() {
        return via.stream().map(KubernetesVersion::toString).toList();
    }

    Map<String, String> inputs() {
        return inputs;
    }

    /** Reads a version. */
    static final class Version implements ITypeConverter<KubernetesVersion> {
        @Override
        public KubernetesVersion convert(String text) {
            return KubernetesVersion.tryParse(text)
                    .orElseThrow(() -> new TypeConversionException(
                            "\"" + text + "\" is not a Kubernetes version: it should look like v1.34.4"));
        }
    }
}
