package dev.belay.activities.steps.etcd;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.StaticPods.StaticPod;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * etcd's programs of one minor on a node: those of an image that containerd has, run without a shell by {@code ctr} (images from 3.5.24-0 and
 * 3.6.5-0 on hold them all, older ones lack etcdutl), or those on PATH where etcd is a package. What an image's tag says is not believed: the
 * program is asked.
 *
 * @param version as the program itself says it
 * @param image empty when the programs are on PATH
 * @param tool {@code etcdutl}; {@code etcdctl}, which restores too but cannot raise the revision, where an etcd up to 3.5 has no other
 */
public record EtcdProgram(EtcdVersion version, String image, String tool) {

    private static final String UTL = "etcdutl";
    private static final String CTL = "etcdctl";

    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Pattern SAID = Pattern.compile("(?m)^etcd(?:utl|ctl) version: (\\S+)$");
    private static final Pattern PLAIN = Pattern.compile("(?:/[A-Za-z0-9][A-Za-z0-9._-]*)+");
    private static final EtcdVersion BUMPS = EtcdVersion.parse("3.5.10");
    private static final EtcdVersion LAST_CTL = EtcdVersion.parse("3.5.0");

    /** A folder of the node that the program sees under the same path. */
    public record Mount(String folder, boolean writable) {

        public Mount {
            if (!PLAIN.matcher(folder).matches()) {
                throw new IllegalArgumentException("a mounted folder is a plain absolute path, not " + folder);
            }
        }

        String option() {
            return "type=bind,src=" + folder + ",dst=" + folder + ",options=rbind:" + (writable ? "rw" : "ro");
        }
    }

    /**
     * The programs of the minor that a snapshot was taken with; fails where the host has none. A whole tool on PATH goes before containerd,
     * which a host of external etcd does not run.
     */
    public static EtcdProgram find(Host host, EtcdVersion wanted) {
        return asked(host, new EtcdProgram(wanted, "", UTL))
                .filter(EtcdProgram::canBump)
                .orElseGet(() -> anywhere(host, wanted));
    }

    private static EtcdProgram anywhere(Host host, EtcdVersion wanted) {
        List<String> seen = new ArrayList<>();
        List<String> places = new ArrayList<>(candidates(host, wanted, seen));
        places.add("");
        for (String tool : LAST_CTL.isOfOlderMinorThan(wanted) ? List.of(UTL) : List.of(UTL, CTL)) {
            for (String image : places) {
                Optional<EtcdProgram> program = asked(host, new EtcdProgram(wanted, image, tool));
                if (program.isPresent()) {
                    return program.get();
                }
            }
        }
        throw missing(host, wanted, seen);
    }

    /** The offline tool's command line. */
    public List<String> offline(String id, List<Mount> mounts, List<String> words) {
        return argv(id, mounts, tool, words);
    }

    /** The server's command line. */
    public List<String> server(String id, List<Mount> mounts, List<String> flags) {
        return argv(id, mounts, "etcd", flags);
    }

    /** Where it is, for people. */
    public String where() {
        return image.isEmpty() ? tool + " on PATH" : tool + " of " + image;
    }

    /** Says whether it is of this version's minor. */
    public boolean isOfMinor(EtcdVersion other) {
        return version.sameMinor(other);
    }

    /** Says whether it can raise the revision of what it restores: etcdutl from 3.5.10 on. */
    public boolean canBump() {
        return tool.equals(UTL) && version.compareTo(BUMPS) >= 0;
    }

    private List<String> argv(String id, List<Mount> mounts, String name, List<String> words) {
        List<String> argv = new ArrayList<>();
        if (!image.isEmpty()) {
            argv.addAll(List.of("ctr", "-n", "k8s.io", "run", "--rm", "--net-host"));
            mounts.forEach(mount -> argv.addAll(List.of("--mount", mount.option())));
            argv.addAll(List.of(image, id));
        }
        argv.add(name);
        argv.addAll(words);
        return argv;
    }

    private static List<String> candidates(Host host, EtcdVersion wanted, List<String> seen) {
        Set<String> images = new LinkedHashSet<>();
        StaticPods.of(host).pod("etcd").map(StaticPod::image).ifPresent(images::add);
        CommandOutput stored = host.run(
                Command.root("ctr", "-n", "k8s.io", "images", "ls", "-q").within(ANSWER));
        if (!stored.ok()) {
            return List.of();
        }
        List<String> present = stored.out().lines().filter(EtcdProgram::isEtcd).toList();
        seen.addAll(present);
        images.retainAll(present);
        present.stream()
                .sorted(Comparator.comparing(EtcdProgram::tagged).reversed())
                .forEach(images::add);
        return images.stream().filter(image -> tagged(image).sameMinor(wanted)).toList();
    }

    private static boolean isEtcd(String image) {
        return image.matches("(?:.*/)?etcd:[^/@]+")
                && EtcdVersion.tryParse(StaticPods.tag(image)).isPresent();
    }

    private static EtcdVersion tagged(String image) {
        return EtcdVersion.parse(StaticPods.tag(image));
    }

    private static Optional<EtcdProgram> asked(Host host, EtcdProgram program) {
        String id = "belay-version-" + Long.toHexString(System.nanoTime());
        List<String> argv = program.offline(id, List.of(), List.of("version"));
        CommandOutput output =
                host.run(Command.root(argv.toArray(String[]::new)).within(ANSWER));
        Matcher said = SAID.matcher(output.out());
        if (!output.ok() || !said.find()) {
            return Optional.empty();
        }
        return EtcdVersion.tryParse(said.group(1))
                .filter(program::isOfMinor)
                .map(version -> new EtcdProgram(version, program.image(), program.tool()));
    }

    private static StepFailure missing(Host host, EtcdVersion wanted, List<String> seen) {
        String minor = wanted.major() + "." + wanted.minor();
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "ETCDUTL_MISSING",
                host.node() + " has no etcdutl of etcd " + minor + ": containerd has "
                        + (seen.isEmpty() ? "no image of etcd" : String.join(", ", seen))
                        + ", and PATH none of that minor",
                "`ctr -n k8s.io images pull` an image of etcd " + minor + " (3.5.24-0, 3.6.5-0 or newer) on "
                        + host.node() + ", or install etcdutl " + minor + "; then retry");
    }
}
