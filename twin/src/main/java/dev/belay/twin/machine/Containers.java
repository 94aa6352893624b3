package dev.belay.twin.machine;

import dev.belay.activities.host.CommandOutput;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.twin.etcd.OfflineTool;
import dev.belay.twin.time.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** containerd's store of images on a node, and {@code ctr} as a person would use it: to list them, and to run a program of one. */
public final class Containers {

    private static final List<String> RUN = List.of("ctr", "-n", "k8s.io", "run", "--rm", "--net-host");
    private static final EtcdVersion WITH_TOOLS_35 = EtcdVersion.parse("3.5.24");
    private static final EtcdVersion WITH_TOOLS_36 = EtcdVersion.parse("3.6.5");

    private final Files files;
    private final Seed seed;
    private final Set<String> images = new TreeSet<>();

    Containers(Files files, Seed seed) {
        this.files = files;
        this.seed = seed;
    }

    /** An image that was pulled stays. */
    public void pulled(String image) {
        images.add(image);
    }

    /** As kubelet does with images nothing runs from, when the disk is full. */
    public void collect(String image) {
        images.remove(image);
    }

    /** What {@code ctr} answers; empty when it is not a call that is known. */
    Optional<CommandOutput> ctr(List<String> argv) {
        if (argv.equals(List.of("ctr", "-n", "k8s.io", "images", "ls", "-q"))) {
            return Optional.of(new CommandOutput(0, String.join("\n", images) + "\n", ""));
        }
        if (argv.equals(List.of("ctr", "-n", "k8s.io", "containers", "ls", "-q"))) {
            return Optional.of(new CommandOutput(0, "", ""));
        }
        return run(argv).map(call -> call.image().isEmpty() ? refused(argv) : tool(call));
    }

    /** A container that {@code ctr run} would make; with no image when containerd has none of the name. */
    record Call(List<String> folders, String image, String program, List<String> words) {

        /** The value of {@code --name=value}; empty without it. */
        String flag(String name) {
            return words.stream()
                    .filter(word -> word.startsWith(name + "="))
                    .map(word -> word.substring(name.length() + 1))
                    .findFirst()
                    .orElse("");
        }

        boolean sees(String path) {
            return folders.stream().anyMatch(folder -> path.startsWith(folder + "/"));
        }
    }

    Optional<Call> run(List<String> argv) {
        if (argv.size() < RUN.size() + 3 || !argv.subList(0, RUN.size()).equals(RUN)) {
            return Optional.empty();
        }
        List<String> folders = new ArrayList<>();
        int at = RUN.size();
        while (argv.get(at).equals("--mount")) {
            folders.add(argv.get(at + 1).replaceFirst("^type=bind,src=([^,]+),.*$", "$1"));
            at += 2;
        }
        String image = images.contains(argv.get(at)) ? argv.get(at) : "";
        return Optional.of(new Call(folders, image, argv.get(at + 2), argv.subList(at + 3, argv.size())));
    }

    private CommandOutput tool(Call call) {
        Optional<EtcdVersion> version = EtcdVersion.tryParse(tag(call.image()));
        if (version.isEmpty() || !has(version.get(), call.program())) {
            return new CommandOutput(
                    1,
                    "",
                    "ctr: failed to create shim task: OCI runtime create failed: exec: \"" + call.program()
                            + "\": executable file not found in $PATH: unknown\n");
        }
        return new OfflineTool(call.program(), version.get().toString(), files, call::sees, seed).run(call.words());
    }

    private static boolean has(EtcdVersion version, String program) {
        EtcdVersion first = version.minor() < 6 ? WITH_TOOLS_35 : WITH_TOOLS_36;
        boolean utl = program.equals("etcdutl") && version.compareTo(first) >= 0;
        return utl || (program.equals("etcdctl") && version.minor() < 6);
    }

    private static CommandOutput refused(List<String> argv) {
        return new CommandOutput(1, "", "ctr: image \"" + argv.get(argv.size() - 1) + "\": not found\n");
    }

    static String tag(String image) {
        return image.substring(image.lastIndexOf(':') + 1);
    }
}
