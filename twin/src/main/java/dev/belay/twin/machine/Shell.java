package dev.belay.twin.machine;

import dev.belay.activities.host.CommandOutput;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.twin.release.Releases;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The commands a node answers: those Belay's steps use. Anything else is not found. */
public final class Shell {

    private static final List<String> CHANGES = List.of(
            "apt-mark hold ",
            "apt-mark unhold ",
            "systemctl daemon-reload ",
            "systemctl restart ",
            "systemctl stop belay-",
            "systemctl stop etcd.service ",
            "systemctl start --no-block etcd.service ",
            "systemd-run --quiet --collect ",
            "mkdir -p -m ",
            "rm -rf --one-file-system ",
            "rm -rf -- ",
            "mv -T -n ",
            "chown -R ",
            "chmod 700 ");
    private static final String DENIED =
            "ctr: failed to dial \"/run/containerd/containerd.sock\": connect: permission denied\n";

    private final Machine machine;

    public Shell(Machine machine) {
        this.machine = machine;
    }

    /** Says whether a command changes something. */
    public static boolean changes(List<String> argv) {
        String line = String.join(" ", argv) + " ";
        return CHANGES.stream().anyMatch(line::startsWith);
    }

    /**
     * Runs a short command.
     *
     * @param epochSecond the host's clock
     */
    public CommandOutput run(List<String> argv, boolean root, long epochSecond) {
        return switch (argv.get(0)) {
            case "true" -> said("");
            case "id" -> exactly(argv, List.of("id", "-u"), () -> said(root ? "0\n" : "1000\n"));
            case "hostname" -> exactly(argv, List.of("hostname"), () -> said(machine.name() + "\n"));
            case "date" -> exactly(argv, List.of("date", "+%s"), () -> said(epochSecond + "\n"));
            case "cat" -> cat(argv, root);
            case "stat" -> stat(argv, root);
            case "ps" ->
                exactly(
                        argv,
                        List.of("ps", "-e", "-ww", "-o", "etimes=,cgroup:512="),
                        () -> said(lines(machine.staticPods().processes())));
            case "df" -> df(argv);
            case "dpkg-query" -> dpkgQuery(argv);
            case "apt-mark" -> aptMark(argv, root);
            case "apt-cache" -> aptCache(argv);
            case "systemctl" -> systemctl(argv, root);
            case "busctl" -> machine.etcdService().busctl(argv).orElseGet(() -> notFound(argv));
            case "kubeadm" -> kubeadm(argv);
            case "mkdir", "rm", "ss", "systemd-run", "test", "mv", "chown", "chmod", "mountpoint" ->
                root
                        ? new RootShell(machine).run(argv).orElseGet(() -> notFound(argv))
                        : failed(1, "Permission denied\n");
            case "etcdutl", "etcdctl" -> machine.programs(argv).orElseGet(() -> notFound(argv));
            case "ctr" -> root ? machine.containers().ctr(argv).orElseGet(() -> notFound(argv)) : failed(1, DENIED);
            default -> notFound(argv);
        };
    }

    /** Says whether a job's program is one the twin has. */
    public static boolean isProgram(List<String> argv) {
        return argv.size() > 1
                && (List.of("apt-get", "ctr", "etcdutl").contains(argv.get(0))
                        || argv.subList(0, 2).equals(List.of("kubeadm", "upgrade"))
                        || argv.equals(List.of("kubeadm", "certs", "renew", "all")));
    }

    private CommandOutput cat(List<String> argv, boolean root) {
        Optional<CommandOutput> process =
                root && argv.size() == 2 ? machine.etcdService().proc(argv.get(1)) : Optional.empty();
        return process.orElseGet(() ->
                exactly(argv, List.of("cat", "/proc/sys/kernel/random/boot_id"), () -> said(machine.bootId() + "\n")));
    }

    private CommandOutput stat(List<String> argv, boolean root) {
        if (argv.equals(List.of("stat", "-fc", "%T", "/sys/fs/cgroup"))) {
            return said(machine.traits().cgroupV2() ? "cgroup2fs\n" : "tmpfs\n");
        }
        if (!root || argv.size() < 4 || !argv.subList(0, 3).equals(List.of("stat", "-c", "%Y"))) {
            return notFound(argv);
        }
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        for (String path : argv.subList(3, argv.size())) {
            machine.files()
                    .written(path)
                    .ifPresentOrElse(when -> out.append(when.getEpochSecond()).append('\n'), () -> err.append(
                                    "stat: cannot statx '")
                            .append(path)
                            .append("': No such file or directory\n"));
        }
        return new CommandOutput(err.isEmpty() ? 0 : 1, out.toString(), err.toString());
    }

    private CommandOutput df(List<String> argv) {
        if (argv.size() != 4 || !argv.subList(0, 3).equals(List.of("df", "-B1", "--output=avail,size"))) {
            return notFound(argv);
        }
        String path = argv.get(3);
        if (!machine.files().isFolder(path) && !machine.files().exists(path)) {
            return failed(1, "df: " + path + ": No such file or directory\n");
        }
        Machine.Traits traits = machine.traits();
        return said("      Avail    1B-blocks\n%d %d\n".formatted(traits.diskFree(), traits.diskSize()));
    }

    private CommandOutput dpkgQuery(List<String> argv) {
        if (argv.size() != 5 || !argv.subList(1, 4).equals(List.of("-W", "-f", "${Version}"))) {
            return notFound(argv);
        }
        String name = argv.get(4);
        return machine.packages()
                .version(name)
                .map(Shell::said)
                .orElseGet(() -> failed(1, "dpkg-query: no packages found matching " + name + "\n"));
    }

    private CommandOutput aptMark(List<String> argv, boolean root) {
        String verb = argv.size() > 1 ? argv.get(1) : "";
        if (verb.equals("showhold")) {
            return said(lines(List.copyOf(machine.packages().held())));
        }
        if (!verb.equals("hold") && !verb.equals("unhold")) {
            return notFound(argv);
        }
        if (!root) {
            return failed(
                    100,
                    "E: Could not create temporary file for /var/lib/apt/extended_states - mkstemp (13: Permission denied)\n");
        }
        StringBuilder out = new StringBuilder();
        argv.subList(2, argv.size()).forEach(name -> out.append(mark(name, verb.equals("hold"))));
        return said(out.toString());
    }

    private String mark(String name, boolean hold) {
        boolean changed = hold
                ? machine.packages().held().add(name)
                : machine.packages().held().remove(name);
        if (hold) {
            return changed ? name + " set on hold.\n" : name + " was already set on hold.\n";
        }
        return changed ? "Canceled hold on " + name + ".\n" : name + " was already not on hold.\n";
    }

    private CommandOutput aptCache(List<String> argv) {
        return argv.size() == 3 && argv.get(1).equals("madison")
                ? said(machine.packages().madison(argv.get(2)))
                : notFound(argv);
    }

    private CommandOutput systemctl(List<String> argv, boolean root) {
        String verb = argv.size() > 1 ? argv.get(1) : "";
        Optional<CommandOutput> etcd = machine.etcdService().systemctl(argv, root);
        if (etcd.isPresent()) {
            return etcd.get();
        }
        if (verb.equals("is-active") && argv.size() == 3) {
            String state = state(argv.get(2));
            return new CommandOutput(state.equals("active") ? 0 : 3, state + "\n", "");
        }
        if (verb.equals("stop") && argv.size() == 3 && root) {
            return new RootShell(machine).stop(argv.get(2)).orElseGet(() -> notFound(argv));
        }
        boolean known = argv.equals(List.of("systemctl", "daemon-reload"))
                || argv.equals(List.of("systemctl", "restart", "kubelet"));
        if (!known) {
            return notFound(argv);
        }
        if (!root) {
            return failed(1, "Failed to execute operation: Interactive authentication required.\n");
        }
        if (verb.equals("restart")) {
            machine.kubelet().restart();
        } else {
            machine.etcdService().reload();
        }
        return said("");
    }

    private String state(String unit) {
        return switch (unit.replaceFirst("\\.service$", "")) {
            case "kubelet" -> machine.kubelet().state();
            case "containerd" -> "active";
            default -> machine.units().isActive(unit) ? "active" : "inactive";
        };
    }

    private CommandOutput kubeadm(List<String> argv) {
        Optional<KubernetesVersion> installed = machine.packages().kubernetes("kubeadm");
        if (installed.isEmpty()) {
            return notFound(argv);
        }
        if (argv.equals(List.of("kubeadm", "version", "-o", "short"))) {
            return said(installed.get() + "\n");
        }
        List<String> images = List.of("kubeadm", "config", "images", "list", "--kubernetes-version");
        if (argv.size() == 6 && argv.subList(0, 5).equals(images)) {
            return KubernetesVersion.tryParse(argv.get(5))
                    .map(version -> said(lines(Releases.images(version))))
                    .orElseGet(() -> failed(1, "could not parse \"" + argv.get(5) + "\" as version\n"));
        }
        return notFound(argv);
    }

    private static CommandOutput exactly(List<String> argv, List<String> known, Supplier<CommandOutput> answer) {
        return argv.equals(known) ? answer.get() : notFound(argv);
    }

    private static String lines(List<String> texts) {
        return texts.isEmpty() ? "" : String.join("\n", texts) + "\n";
    }

    private static CommandOutput said(String out) {
        return new CommandOutput(0, out, "");
    }

    private static CommandOutput failed(int exit, String err) {
        return new CommandOutput(exit, "", err);
    }

    private static CommandOutput notFound(List<String> argv) {
        return failed(127, "sh: 1: " + argv.get(0) + ": not found\n");
    }
}
