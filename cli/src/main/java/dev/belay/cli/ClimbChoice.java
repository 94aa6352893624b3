package dev.belay.cli;

import dev.belay.model.kubernetes.KubernetesVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where a climb goes, and with which inputs. */
final class ClimbChoice {

    @Option(
            names = "--to",
            required = true,
            paramLabel = "VERSION",
            description = "Where to end, such as v1.34.4",
            converter = Version.class)
    private KubernetesVersion to = new KubernetesVersion(0, 0, 0);

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

    KubernetesVersion to() {
        return to;
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
