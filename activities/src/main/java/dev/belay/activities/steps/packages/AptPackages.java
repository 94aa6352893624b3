package dev.belay.activities.steps.packages;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.steps.InstalledPackage;
import dev.belay.activities.steps.Jobs;
import dev.belay.activities.steps.Jobs.Ended;
import dev.belay.activities.steps.Jobs.Task;
import dev.belay.model.inventory.Cluster.Packages;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Packages of the hop's version on one node: the repository of its minor in the apt source, unhold only what was held, install exactly one
 * version, hold again, look. Never a downgrade, but on the way back. How the node was found is written down first, so that a later attempt and an undo know it
 * too.
 */
public final class AptPackages {

    /** Everything of Kubernetes that should not move by itself. */
    public static final List<String> ALL = List.of("kubeadm", "kubectl", "kubelet");

    private static final Map<String, String> QUIET =
            Map.of("DEBIAN_FRONTEND", "noninteractive", "NEEDRESTART_MODE", "l");
    private static final int TRIES = 3;

    private final StepContext context;
    private final Host host;
    private final AptHost apt;
    private final AptSource source;
    private final Packages packages;
    private final KubernetesVersion target;
    private final Jobs jobs;
    private final boolean down;

    /** At the hop's version. */
    public AptPackages(StepContext context) {
        this(context, context.call().hop().to(), false);
    }

    /**
     * At another version.
     *
     * @param down a newer package may be taken down to it: only on the way back
     */
    public AptPackages(StepContext context, KubernetesVersion target, boolean down) {
        this.context = context;
        this.host = context.host();
        this.apt = new AptHost(host);
        this.packages = context.inventory().packages();
        this.source = new AptSource(packages);
        this.target = target;
        this.down = down;
        this.jobs = new Jobs(context, context.call().timeout());
    }

    /**
     * Makes it so.
     *
     * @param holdAll hold all three packages at the end; else only what was held before
     * @return false when nothing had to be changed, now or by an earlier attempt of this step
     */
    public boolean install(List<String> names, boolean holdAll) {
        refuseNewer(names);
        Optional<PackagesBefore> before = PackagesBefore.known(context);
        if (before.isEmpty()) {
            if (isAtTarget(names)
                    && missingHolds(holds(names, holdAll, apt.held(ALL))).isEmpty()) {
                return false;
            }
            before = Optional.of(look());
            before.get().keep(context);
        }
        install(names, before.get().held(), holds(names, holdAll, before.get().held()));
        return true;
    }

    private void install(List<String> names, List<String> heldBefore, List<String> holds) {
        if (jobs.begun("install") || !isAtTarget(names)) {
            writeSource();
            refresh(names);
            change(names, heldBefore);
        }
        apt.hold(missingHolds(holds));
        verify(names, holds);
    }

    /** Puts source and holds back as they were found. Versions stay: a package is never taken down. */
    public String putBack() {
        Optional<PackagesBefore> known = PackagesBefore.known(context);
        if (known.isEmpty()) {
            return "nothing was changed, or the worker that changed it kept its backups elsewhere: packages are left as they are";
        }
        PackagesBefore before = known.get();
        List<String> done = new ArrayList<>();
        done.add(putSourceBack(before));
        List<String> now = apt.held(ALL);
        TreeSet<String> extra = new TreeSet<>(now);
        extra.removeAll(before.held());
        TreeSet<String> gone = new TreeSet<>(before.held());
        gone.removeAll(now);
        apt.unhold(extra);
        apt.hold(gone);
        done.add(
                before.held().isEmpty()
                        ? "nothing held, as before"
                        : "held as before: " + String.join(", ", before.held()));
        done.add("versions stay as they are: " + versions() + "; belay never takes a package down");
        return String.join("; ", done);
    }

    /** Takes packages down to what they were before this step; source and holds go with the version. */
    public String takeDown(List<String> names) {
        Optional<PackagesBefore> known = PackagesBefore.known(context);
        if (known.isEmpty()) {
            return "no package was changed by this step";
        }
        Map<String, String> before = known.get().versions();
        Optional<KubernetesVersion> old = names.stream()
                .flatMap(name -> Optional.ofNullable(before.get(name)).stream())
                .findFirst()
                .flatMap(InstalledPackage::upstream);
        if (old.isEmpty()) {
            return String.join(", ", names) + " was not installed before, and is left";
        }
        List<String> held = known.get().held();
        new AptPackages(context, old.get(), true).install(names, held, held);
        return String.join(", ", names) + " " + old.get() + ", as before";
    }

    private PackagesBefore look() {
        return new PackagesBefore(present().orElse(null), apt.held(ALL), versions());
    }

    private Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        ALL.forEach(name -> apt.installed(name).ifPresent(version -> versions.put(name, version)));
        return versions;
    }

    private Optional<String> present() {
        return host.read(packages.sourceFile()).map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private void refuseNewer(List<String> names) {
        if (down) {
            return;
        }
        for (String name : names) {
            Optional<KubernetesVersion> version = apt.installed(name).flatMap(InstalledPackage::upstream);
            if (version.isPresent() && version.get().compareTo(target) > 0) {
                throw StepFailure.of(
                        FailureKind.PRECONDITION,
                        "PACKAGE_NEWER",
                        host.node() + " has " + name + " " + version.get() + ", newer than " + target
                                + "; belay never takes a package down",
                        "find out who installed it; the hop cannot pass through " + target + " on this node");
            }
        }
    }

    private boolean isAtTarget(List<String> names) {
        return names.stream().allMatch(name -> apt.installed(name)
                .flatMap(InstalledPackage::upstream)
                .filter(target::equals)
                .isPresent());
    }

    private List<String> holds(List<String> names, boolean holdAll, List<String> heldBefore) {
        TreeSet<String> holds = new TreeSet<>(heldBefore);
        if (holdAll) {
            ALL.stream()
                    .filter(name -> names.contains(name) || apt.installed(name).isPresent())
                    .forEach(holds::add);
        }
        return List.copyOf(holds);
    }

    private List<String> missingHolds(List<String> wanted) {
        List<String> missing = new ArrayList<>(wanted);
        missing.removeAll(apt.held(ALL));
        return missing;
    }

    private void writeSource() {
        String present = present().orElse("");
        String wanted = source.rewritten(present, target.minorText());
        if (!wanted.equals(present)) {
            host.write(packages.sourceFile(), bytes(wanted), FileAttributes.ROOT_READABLE);
        }
    }

    private void refresh(List<String> names) {
        Ended ended = jobs.run(
                update("update"),
                () -> isOffered(names),
                outcome -> AptDiagnosis.mayPass(outcome) && !isOffered(names));
        if (isOffered(names)) {
            return;
        }
        throw AptDiagnosis.failure(host.node(), "apt-get update", ended.outcome(), notOffered(names));
    }

    private boolean isOffered(List<String> names) {
        return names.stream().allMatch(name -> apt.available(name).contains(version()));
    }

    private String notOffered(List<String> names) {
        return names.stream()
                .filter(name -> !apt.available(name).contains(version()))
                .map(name -> name + "=" + version() + " is not offered by " + packages.repositoryOf(target.minorText())
                        + " (offered: " + shown(apt.available(name)) + ")")
                .findFirst()
                .orElse("");
    }

    private void change(List<String> names, List<String> heldBefore) {
        if (!isAtTarget(names)) {
            apt.unhold(apt.held(names));
        }
        List<String> argv = new ArrayList<>(List.of(
                "apt-get",
                "install",
                "-y",
                "-q",
                "--no-install-recommends",
                "-o",
                "DPkg::Lock::Timeout=300",
                "-o",
                "Dpkg::Options::=--force-confold"));
        if (down) {
            argv.add("--allow-downgrades");
        }
        new TreeSet<>(names).forEach(name -> argv.add(name + "=" + version()));
        Ended ended = jobs.run(
                new Task("install", argv, QUIET, TRIES),
                () -> isAtTarget(names),
                outcome -> !outcome.known() || (!outcome.ok() && AptDiagnosis.mayPass(outcome)));
        if (!ended.outcome().ok()) {
            apt.hold(missingHolds(heldBefore));
            throw AptDiagnosis.failure(host.node(), "apt-get install", ended.outcome(), notOffered(names));
        }
    }

    private void verify(List<String> names, List<String> holds) {
        List<String> wrong = new ArrayList<>();
        for (String name : names) {
            String version = apt.installed(name).orElse("nothing");
            if (!InstalledPackage.upstream(version).equals(Optional.of(target))) {
                wrong.add("dpkg has " + name + " " + version);
            }
        }
        missingHolds(holds).forEach(name -> wrong.add(name + " is not held"));
        if (names.contains("kubeadm") && !kubeadm(host).equals(Optional.of(target))) {
            wrong.add("`kubeadm version` says "
                    + kubeadm(host).map(Object::toString).orElse("nothing"));
        }
        if (!wrong.isEmpty()) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "PACKAGE_NOT_VERIFIED",
                    host.node() + ": after the installation of " + target + ", " + String.join("; ", wrong),
                    "look at `dpkg -l kubeadm kubelet kubectl`, /var/log/dpkg.log and which kubeadm is first in PATH");
        }
    }

    /** What the node's kubeadm says of itself. */
    public static Optional<KubernetesVersion> kubeadm(Host host) {
        CommandOutput output = host.run(Command.of("kubeadm", "version", "-o", "short"));
        return output.ok() ? KubernetesVersion.tryParse(output.out().strip()) : Optional.empty();
    }

    private String putSourceBack(PackagesBefore before) {
        Optional<String> present = present();
        String ours = source.rewritten(before.source() == null ? "" : before.source(), target.minorText());
        if (present.equals(Optional.ofNullable(before.source()))) {
            return packages.sourceFile() + " is as it was found";
        }
        if (!present.equals(Optional.of(ours))) {
            return packages.sourceFile() + " was changed by somebody else since, and is left as it is";
        }
        if (before.source() == null) {
            host.remove(packages.sourceFile());
            return packages.sourceFile() + " removed, as it was found";
        }
        host.write(packages.sourceFile(), bytes(before.source()), FileAttributes.ROOT_READABLE);
        JobOutcome update = jobs.run(
                        update("undo-update"), () -> false, outcome -> !outcome.ok() && AptDiagnosis.mayPass(outcome))
                .outcome();
        return packages.sourceFile() + " put back as it was found"
                + (update.ok() ? "" : ", but `apt-get update` did not end well");
    }

    private static Task update(String name) {
        return new Task(name, List.of("apt-get", "update", "-q"), QUIET, TRIES);
    }

    private String version() {
        return target.bare() + "-" + packages.revision();
    }

    private static String shown(List<String> versions) {
        return versions.isEmpty() ? "nothing" : String.join(", ", versions.subList(0, Math.min(6, versions.size())));
    }

    /** Byte for byte what was read: a comment may be in any encoding. */
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
