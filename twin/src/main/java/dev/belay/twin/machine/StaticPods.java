package dev.belay.twin.machine;

import dev.belay.activities.host.FileEntry;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.twin.kube.Api;
import dev.belay.twin.machine.Components.Wanted;
import dev.belay.twin.time.Seed;
import dev.belay.twin.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The static pods of one node: each follows its manifest, in time. Their pictures in the API are the mirror pods. */
public final class StaticPods {

    public static final String FOLDER = "/etc/kubernetes/manifests";

    private static final String LOGS = "/var/log/containers";
    private static final Duration NOTICED = Duration.ofSeconds(3);
    private static final Map<String, Duration> STARTING = Map.of(
            "etcd", Duration.ofSeconds(5),
            "kube-apiserver", Duration.ofSeconds(11),
            "kube-controller-manager", Duration.ofSeconds(7),
            "kube-scheduler", Duration.ofSeconds(7));
    private static final Duration BACK_OFF = Duration.ofSeconds(20);
    private static final Duration OTHER = Duration.ofSeconds(6);
    private static final Pattern IMAGE = Pattern.compile("(?m)^\\s+image: (\\S+)");
    private static final Pattern ARGUMENT = Pattern.compile("(?m)^\\s+- (--\\S+)");

    private final NodeName node;
    private final Files files;
    private final VirtualTime time;
    private final Api api;
    private final Components components;
    private final Containers containers;
    private final Seed seed;
    private final Map<String, Pod> pods = new TreeMap<>();
    private final Set<String> sabotaged = new TreeSet<>();

    StaticPods(
            NodeName node,
            Files files,
            VirtualTime time,
            Api api,
            Components components,
            Containers containers,
            Seed seed) {
        this.node = node;
        this.files = files;
        this.time = time;
        this.api = api;
        this.components = components;
        this.containers = containers;
        this.seed = seed;
    }

    /** Brings up what the manifests say, at once, as in a cluster that has stood for a while. */
    public void settle() {
        for (String component : wanted()) {
            up(component, pod(component).next());
        }
    }

    void changed(String path, boolean kubeletActive) {
        if (kubeletActive && Files.parent(path).equals(FOLDER) && !path.startsWith(FOLDER + "/.")) {
            time.after(NOTICED, () -> sync(component(path)));
        }
    }

    /** Every container of this node's static pods begins anew. */
    void restartAll() {
        stopAll();
        startAll();
    }

    void startAll() {
        wanted().forEach(this::startSoon);
    }

    void stopAll() {
        List.copyOf(pods.keySet()).forEach(this::stop);
    }

    /** Says whether the pod that runs is the one of the manifest, so far as the API shows it. */
    public boolean follows(String component) {
        return pod(component).running.isPresent() && pod(component).running.equals(manifest(component));
    }

    public boolean isRunning(String component) {
        return pod(component).running.isPresent();
    }

    /** Why the pod of a component does not stay up; empty when it does. */
    public Optional<String> crash(String component) {
        return Optional.of(pod(component).crash).filter(why -> !why.isEmpty());
    }

    /** Lets a component crash however it is started, or no longer. */
    public void sabotage(String component, boolean crashes) {
        if (crashes) {
            sabotaged.add(component);
        } else {
            sabotaged.remove(component);
        }
    }

    public Optional<String> manifest(String component) {
        return files.text(FOLDER + "/" + component + ".yaml");
    }

    /** The image a manifest names. */
    public static String image(String manifest) {
        Matcher image = IMAGE.matcher(manifest);
        return image.find() ? image.group(1) : "";
    }

    private void sync(String component) {
        Pod pod = pod(component);
        if (pod.running.isPresent() && pod.running.equals(manifest(component))) {
            return;
        }
        stop(component);
        if (manifest(component).isPresent()) {
            startSoon(component);
        }
    }

    private void stop(String component) {
        Pod pod = pod(component);
        pod.next();
        pod.running = Optional.empty();
        pod.container = "";
        pod.crash = "";
        components.stopped(node.value(), component);
        manifest(component)
                .ifPresentOrElse(
                        text -> api.mirror(node, component, image(text), false),
                        () -> api.removeMirror(node, component));
    }

    private void startSoon(String component) {
        int epoch = pod(component).next();
        time.after(STARTING.getOrDefault(component, OTHER), () -> up(component, epoch));
    }

    private void up(String component, int epoch) {
        Pod pod = pod(component);
        Optional<String> manifest = manifest(component);
        if (pod.epoch != epoch || manifest.isEmpty()) {
            return;
        }
        String image = image(manifest.get());
        Wanted wanted = new Wanted(node, component, image, arguments(manifest.get()), files);
        containers.pulled(image);
        pod.crash = sabotaged.contains(component)
                ? "signal: killed"
                : components.refuses(wanted).orElse("");
        boolean runs = pod.crash.isEmpty();
        api.mirror(node, component, image, runs);
        if (runs) {
            pod.running = manifest;
            contain(component, pod);
            components.started(wanted);
        } else {
            time.after(BACK_OFF, () -> up(component, epoch));
        }
    }

    /** Tells an API that has forgotten what runs here, and what does not. */
    void republish() {
        Set<String> known = new TreeSet<>(pods.keySet());
        known.addAll(wanted());
        for (String component : known) {
            manifest(component)
                    .ifPresentOrElse(
                            text -> api.mirror(node, component, image(text), isRunning(component)),
                            () -> api.removeMirror(node, component));
        }
    }

    /** A new container, to whose log the kubelet links. */
    private void contain(String component, Pod pod) {
        String name = component + "-" + node;
        files.list(List.of(LOGS)).stream()
                .map(FileEntry::path)
                .filter(path -> path.startsWith(LOGS + "/" + name + "_"))
                .forEach(files::remove);
        pod.container = seed.hex(node + component + " " + pod.epoch + " a", 32)
                + seed.hex(node + component + " " + pod.epoch + " b", 32);
        pod.since = time.now();
        pod.uid = seed.hex(name + pod.running.orElse(""), 32);
        files.link(
                LOGS + "/" + name + "_kube-system_" + component + "-" + pod.container + ".log",
                "/var/log/pods/kube-system_" + name + "_" + pod.uid + "/" + component + "/0.log");
    }

    /** What {@code ps} shows of the static pods: the seconds since its start and the cgroup of each container. */
    List<String> processes() {
        return pods.values().stream()
                .filter(pod -> !pod.container.isEmpty())
                .map(pod ->
                        "%7d 0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod%s.slice/cri-containerd-%s.scope"
                                .formatted(
                                        Duration.between(pod.since, time.now()).toSeconds(), pod.uid, pod.container))
                .toList();
    }

    private List<String> wanted() {
        return files.namesIn(FOLDER).stream().map(StaticPods::component).toList();
    }

    private Pod pod(String component) {
        return pods.computeIfAbsent(component, name -> new Pod());
    }

    private static List<String> arguments(String manifest) {
        List<String> arguments = new ArrayList<>();
        Matcher argument = ARGUMENT.matcher(manifest);
        while (argument.find()) {
            arguments.add(argument.group(1));
        }
        return arguments;
    }

    private static String component(String path) {
        return path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.yaml$", "");
    }

    private static final class Pod {
        private int epoch;
        private Optional<String> running = Optional.empty();
        private String crash = "";
        private String container = "";
        private String uid = "";
        private Instant since = Instant.EPOCH;

        int next() {
            return ++epoch;
        }
    }
}
