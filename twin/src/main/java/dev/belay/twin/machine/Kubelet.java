package dev.belay.twin.machine;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.twin.kube.Api;
import dev.belay.twin.release.Releases;
import dev.belay.twin.time.VirtualTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The kubelet unit of one node. It does not start with a flag or feature gate that its version no longer knows, and tells the API how it is. */
public final class Kubelet {

    public static final String CONFIG = "/var/lib/kubelet/config.yaml";
    public static final String FLAGS = "/var/lib/kubelet/kubeadm-flags.env";
    public static final String EXTRA_FLAGS = "/etc/default/kubelet";

    private static final Duration POSTED = Duration.ofSeconds(6);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(40);
    private static final Pattern FLAG = Pattern.compile("(--[a-z][a-z0-9-]*)");
    private static final Pattern GATE = Pattern.compile("(?m)^ {2}([A-Za-z0-9]+): (?:true|false)\\s*$");

    private final Machine machine;
    private final VirtualTime time;
    private final Api api;
    private Optional<KubernetesVersion> running = Optional.empty();
    private boolean wanted;
    private boolean hung;
    private int epoch;

    Kubelet(Machine machine, VirtualTime time, Api api) {
        this.machine = machine;
        this.time = time;
        this.api = api;
        api.onRestored(() -> time.after(POSTED, this::relist));
    }

    /** The API's past is another one: it is told anew what the node is and what runs on it, once it answers. */
    private void relist() {
        if (running.isEmpty() || !api.servers().available()) {
            time.after(TRY_AGAIN, this::relist);
            return;
        }
        machine.staticPods().republish();
        post(epoch);
    }

    public boolean isActive() {
        return running.isPresent();
    }

    /** As {@code systemctl is-active} says it. */
    public String state() {
        if (isActive()) {
            return "active";
        }
        return wanted ? "activating" : "inactive";
    }

    public Optional<KubernetesVersion> running() {
        return running;
    }

    /** Runs already, as in a cluster that has stood for a while. */
    public void settle() {
        wanted = true;
        running = machine.packages().kubernetes("kubelet");
    }

    public void restart() {
        Optional<KubernetesVersion> before = running;
        epoch++;
        running = Optional.empty();
        start();
        boolean raised =
                before.isPresent() && running.isPresent() && !before.get().sameMinor(running.get());
        if (raised) {
            machine.staticPods().restartAll();
        }
    }

    void start() {
        wanted = true;
        int mine = ++epoch;
        if (problem().isPresent()) {
            time.after(GRACE, () -> missed(mine));
            time.after(TRY_AGAIN, () -> startAgain(mine));
            return;
        }
        running = machine.packages().kubernetes("kubelet");
        time.after(POSTED, () -> post(mine));
    }

    /** Its machine lost power. */
    void die() {
        int mine = ++epoch;
        running = Optional.empty();
        wanted = false;
        time.after(GRACE, () -> missed(mine));
    }

    /** A hung kubelet runs but posts nothing, so that its node becomes not ready. */
    public void hang(boolean value) {
        if (hung == value) {
            return;
        }
        hung = value;
        running.ifPresent(version -> api.post(machine.name(), version, !hung));
    }

    public boolean isHung() {
        return hung;
    }

    /** Why it would not start now; empty when it would. */
    public Optional<String> problem() {
        KubernetesVersion version = machine.packages().kubernetes("kubelet").orElse(null);
        if (version == null) {
            return Optional.of("no kubelet is installed");
        }
        return unknownFlag(version).or(() -> unknownGate(version)).or(() -> oldCgroup(version));
    }

    private Optional<String> unknownFlag(KubernetesVersion version) {
        Set<String> gone = Releases.flagsGone("kubelet", version);
        return Stream.of(FLAGS, EXTRA_FLAGS)
                .map(path -> machine.files().text(path).orElse(""))
                .flatMap(text -> FLAG.matcher(text).results().map(match -> match.group(1)))
                .filter(gone::contains)
                .findFirst()
                .map(flag -> "failed to parse kubelet flag: unknown flag: " + flag);
    }

    private Optional<String> unknownGate(KubernetesVersion version) {
        Set<String> gone = Releases.gatesGone(version);
        String config = machine.files().text(CONFIG).orElse("");
        int gates = config.indexOf("featureGates:");
        Matcher gate = GATE.matcher(gates < 0 ? "" : config.substring(gates));
        Stream<String> set = gate.results().map(match -> match.group(1));
        return Stream.concat(set, Arrays.stream(gatesOfFlags()))
                .filter(gone::contains)
                .findFirst()
                .map(name -> "unrecognized feature gate: " + name);
    }

    private String[] gatesOfFlags() {
        Matcher flag = Pattern.compile("--feature-gates=(\\S+?)[\"\\s]")
                .matcher(machine.files().text(EXTRA_FLAGS).orElse("") + "\n");
        return flag.find() ? flag.group(1).replaceAll("=(true|false)", "").split(",", -1) : new String[0];
    }

    private Optional<String> oldCgroup(KubernetesVersion version) {
        boolean tolerated = machine.files().text(CONFIG).orElse("").contains("failCgroupV1: false");
        return version.minor() >= 35 && !machine.traits().cgroupV2() && !tolerated
                ? Optional.of("kubelet is configured to not run on a host using cgroup v1")
                : Optional.empty();
    }

    private void startAgain(int mine) {
        if (mine == epoch && running.isEmpty() && wanted) {
            if (problem().isEmpty()) {
                start();
            } else {
                time.after(TRY_AGAIN, () -> startAgain(mine));
            }
        }
    }

    private void missed(int mine) {
        if (mine == epoch) {
            api.node(machine.name()).ifPresent(node -> api.post(node.name(), node.kubelet(), false));
        }
    }

    private void post(int mine) {
        if (mine != epoch || running.isEmpty()) {
            return;
        }
        if (!api.servers().available()) {
            time.after(TRY_AGAIN, () -> post(mine));
            return;
        }
        KubernetesVersion version = running.get();
        boolean tooNew = api.servers()
                .lowest()
                .filter(server -> isNewer(version, server))
                .isPresent();
        api.post(machine.name(), version, !tooNew && !hung);
        if (tooNew) {
            time.after(TRY_AGAIN, () -> post(mine));
        }
    }

    private static boolean isNewer(KubernetesVersion kubelet, KubernetesVersion server) {
        return kubelet.minor() > server.minor();
    }
}
