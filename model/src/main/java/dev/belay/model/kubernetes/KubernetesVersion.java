package dev.belay.model.kubernetes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A released Kubernetes version, {@code vX.Y.Z}; pre-releases and vendor suffixes are refused. Ordered by number, never by text. */
public record KubernetesVersion(int major, int minor, int patch) implements Comparable<KubernetesVersion> {

    private static final Pattern FORM = Pattern.compile("v?(\\d{1,3})\\.(\\d{1,4})\\.(\\d{1,5})");
    private static final Comparator<KubernetesVersion> ORDER = Comparator.comparingInt(KubernetesVersion::major)
            .thenComparingInt(KubernetesVersion::minor)
            .thenComparingInt(KubernetesVersion::patch);

    /** Reads {@code v1.34.4} or {@code 1.34.4}. */
    @JsonCreator
    public static KubernetesVersion parse(String text) {
        return tryParse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + text + "\" is not a Kubernetes version: it should look like v1.34.4"));
    }

    public static Optional<KubernetesVersion> tryParse(String text) {
        Matcher match = FORM.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        return Optional.of(new KubernetesVersion(
                Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)), Integer.parseInt(match.group(3))));
    }

    /** Says whether both are releases of one minor, so that a move between them is a patch. */
    public boolean sameMinor(KubernetesVersion other) {
        return major == other.major && minor == other.minor;
    }

    /** The minor alone, {@code 1.34}, as package repositories and documentation name it. */
    public String minorText() {
        return major + "." + minor;
    }

    /** Without the leading v, as packages and images' publishers write it. */
    public String bare() {
        return major + "." + minor + "." + patch;
    }

    @Override
    public int compareTo(KubernetesVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    @JsonValue
    public String toString() {
        return "v" + bare();
    }
}
