package dev.belay.twin.machine;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.HopFacts;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.twin.release.Releases;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** dpkg and apt of one node. What can be installed is what the last {@code apt-get update} read from the source file's repositories. */
public final class Packages {

    private static final Set<String> KUBERNETES = Set.of("kubeadm", "kubelet", "kubectl");

    private final Cluster.Packages site;
    private final Map<String, String> installed = new TreeMap<>();
    private final Set<String> held = new TreeSet<>();
    private final Set<String> minors = new TreeSet<>();
    private Optional<HostProcess> lockHolder = Optional.empty();

    Packages(Cluster.Packages site) {
        this.site = site;
    }

    public Optional<String> version(String name) {
        return Optional.ofNullable(installed.get(name));
    }

    public Optional<KubernetesVersion> kubernetes(String name) {
        return version(name).map(Packages::bare);
    }

    public Set<String> held() {
        return held;
    }

    String sourceFile() {
        return site.sourceFile();
    }

    void install(String name, String version) {
        installed.put(name, version);
    }

    boolean isLocked() {
        return lockHolder.filter(HostProcess::isRunning).isPresent();
    }

    void lockFor(HostProcess process) {
        lockHolder = Optional.of(process);
    }

    /** Reads the source file anew. Gives what apt complains about; empty when all is well. */
    public List<String> update(String sourceFile) {
        List<String> complaints = new ArrayList<>();
        Set<String> found = new TreeSet<>();
        urls(sourceFile).forEach(url -> minor(url)
                .ifPresentOrElse(
                        found::add,
                        () -> complaints.add(
                                "E: The repository '" + url + "  Release' does not have a Release file.")));
        if (complaints.isEmpty()) {
            minors.clear();
            minors.addAll(found);
        }
        return complaints;
    }

    /** As apt reads it: stanzas with their addresses on the line of URIs, or one line a repository. */
    private Stream<String> urls(String text) {
        boolean stanzas = sourceFile().endsWith(".sources");
        String ours = stanzas ? "URIs:" : "deb ";
        return text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(ours))
                .map(line -> line.substring(ours.length()).replaceFirst("^\\s*(\\[[^]]*]\\s+)?", ""))
                .flatMap(values ->
                        stanzas ? Stream.of(values.split("\\s+", -1)) : Stream.of(values.split("\\s+", -1)[0]));
    }

    private Optional<String> minor(String url) {
        return HopFacts.all().stream()
                .map(HopFacts::minor)
                .filter(minor -> same(url, site.repositoryOf(minor).toString()))
                .findFirst();
    }

    private static boolean same(String url, String other) {
        return url.replaceAll("/+$", "").equals(other.replaceAll("/+$", ""));
    }

    /** Versions that could be installed, newest first. */
    List<String> available(String name) {
        return KUBERNETES.contains(name)
                ? minors.stream().flatMap(minor -> published(minor).stream()).toList()
                : List.of();
    }

    private List<String> published(String minor) {
        int last = Releases.lastPatch(KubernetesVersion.parse(minor + ".0"));
        return IntStream.rangeClosed(0, last)
                .mapToObj(patch -> minor + "." + (last - patch) + "-" + site.revision())
                .toList();
    }

    /** Says whether this is a page of the site's package server, one that is there or not. */
    public boolean isServed(URI address) {
        URI server = site.repositoryOf(HopFacts.all().get(0).minor());
        return server.getScheme().equals(address.getScheme())
                && server.getRawAuthority().equals(address.getRawAuthority());
    }

    /** A page of the package server: the index of a minor's repository, all else is not there. */
    public Optional<byte[]> page(URI address) {
        return Optional.of(address.toString())
                .filter(text -> text.endsWith("/Packages"))
                .flatMap(text -> minor(text.substring(0, text.lastIndexOf('/'))))
                .map(minor -> index(minor).getBytes(StandardCharsets.UTF_8));
    }

    private String index(String minor) {
        StringBuilder paragraphs = new StringBuilder();
        for (String version : published(minor)) {
            KUBERNETES.stream()
                    .sorted()
                    .forEach(name -> paragraphs.append(
                            "Package: %s\nVersion: %s\nArchitecture: amd64\n\n".formatted(name, version)));
        }
        return paragraphs.toString();
    }

    /** Lines of {@code apt-cache madison}. */
    public String madison(String name) {
        StringBuilder lines = new StringBuilder();
        for (String version : available(name)) {
            String url = site.repositoryOf(bare(version).minorText()).toString().replaceAll("/+$", "");
            lines.append("   %s | %s | %s  Packages\n".formatted(name, version, url));
        }
        return lines.toString();
    }

    /** Why apt would not install these; empty when it would. {@code down}: an older version may replace a newer one. */
    public List<String> refuses(Map<String, String> wanted, boolean down) {
        List<String> why = new ArrayList<>();
        wanted.forEach((name, version) -> {
            if (!available(name).contains(version)) {
                why.add(
                        available(name).isEmpty()
                                ? "E: Unable to locate package " + name
                                : "E: Version '" + version + "' for '" + name + "' was not found");
            } else if (held.contains(name) && !version.equals(installed.get(name))) {
                why.add("E: Held packages were changed and -y was used without --allow-change-held-packages.");
            } else if (!down && isOlder(version, installed.get(name))) {
                why.add("E: Packages were downgraded and -y was used without --allow-downgrades.");
            }
        });
        return why.stream().distinct().toList();
    }

    private static boolean isOlder(String version, @Nullable String than) {
        return than != null && bare(version).compareTo(bare(than)) < 0;
    }

    private static KubernetesVersion bare(String version) {
        return KubernetesVersion.parse(version.replaceFirst("-.*", ""));
    }
}
