package dev.belay.twin;

import dev.belay.activities.host.FileEntry;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.kube.Workload;
import dev.belay.twin.etcd.EtcdRing;
import dev.belay.twin.etcd.Member;
import dev.belay.twin.kube.Api;
import dev.belay.twin.machine.Files;
import dev.belay.twin.machine.Machine;
import dev.belay.twin.release.Releases;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The world at one moment, field by field, in words that can be compared: nodes, etcd, the API's objects, the clock. */
final class WorldPicture {

    private static final List<String> SHOWN = List.of("/etc", "/var/lib", "/root", "/tmp");
    private static final int SHORT = 12;

    private final World world;
    private final SortedMap<String, String> fields = new TreeMap<>();

    private WorldPicture(World world) {
        this.world = world;
    }

    /** A name such as {@code node/w1/package/kubelet} and what it is. */
    static SortedMap<String, String> of(World world) {
        WorldPicture picture = new WorldPicture(world);
        world.machines().values().forEach(picture::machine);
        picture.etcd(world.etcd());
        picture.nodes(world.api());
        picture.workloads(world.api());
        picture.objects(world.api());
        picture.put("clock", world.time().now());
        return picture.fields;
    }

    private void machine(Machine machine) {
        String node = "node/" + machine.name() + "/";
        put(node + "power", machine.isPowered() ? "on" : "off");
        machine.files().list(SHOWN).forEach(file -> put(node + "file" + file.path(), words(file)));
        if (!machine.isNode()) {
            put(node + "etcd", machine.etcdService().isRunning() ? "runs" : "does not run");
            return;
        }
        for (String name : List.of("kubeadm", "kubectl", "kubelet")) {
            boolean held = machine.packages().held().contains(name);
            put(node + "package/" + name, machine.packages().version(name).orElse("none") + (held ? " held" : ""));
        }
        put(
                node + "kubelet",
                machine.kubelet().state()
                        + machine.kubelet()
                                .running()
                                .map(version -> " " + version)
                                .orElse(""));
        Releases.COMPONENTS.stream()
                .filter(component -> machine.staticPods().manifest(component).isPresent()
                        || machine.staticPods().isRunning(component))
                .forEach(component -> put(
                        node + "staticPod/" + component,
                        machine.staticPods().isRunning(component) ? "runs" : "does not run"));
    }

    private static String words(FileEntry file) {
        if (!file.link().isEmpty()) {
            return "-> " + file.link();
        }
        return "sha256:" + file.sha256().substring(0, SHORT) + " "
                + "%04o %d:%d"
                        .formatted(
                                file.attributes().mode(),
                                file.attributes().uid(),
                                file.attributes().gid());
    }

    private void etcd(EtcdRing ring) {
        put("etcd/clusterId", ring.clusterId());
        put("etcd/revision", ring.revision());
        put("etcd/term", ring.term());
        put("etcd/leader", ring.leader().map(Member::name).orElse("none"));
        put("etcd/minor", "3." + ring.clusterMinor());
        put("etcd/alarms", ring.space().alarms());
        long oldest = ring.members().stream().mapToLong(ring::applied).min().orElse(0);
        long hashes = ring.members().stream()
                .map(member -> ring.hash(member, oldest))
                .distinct()
                .count();
        put("etcd/hashes", hashes == 1 ? "equal" : "differ");
        for (Member member : ring.members()) {
            put("etcd/member/" + member + "/id", member.id());
            put("etcd/member/" + member + "/version", member.version());
            put("etcd/member/" + member + "/serves", ring.serves(member));
        }
    }

    private void nodes(Api api) {
        for (KubeNode node : api.nodes()) {
            String name = "api/node/" + node.name() + "/";
            put(name + "kubelet", node.kubelet());
            put(name + "ready", node.ready());
            put(name + "schedulable", node.schedulable());
            node.labels().forEach((key, value) -> put(name + "label/" + key, value));
            node.annotations().forEach((key, value) -> put(name + "annotation/" + key, value));
        }
    }

    private void workloads(Api api) {
        for (Workload workload : api.workloads()) {
            String name = "api/workload/" + workload + "/";
            put(name + "replicas", workload.desired());
            put(name + "available", workload.available());
        }
        api.podAnnotations()
                .forEach((workload, annotations) -> annotations.forEach(
                        (key, value) -> put("api/workload/" + workload + "/annotation/" + key, value)));
        Map<String, List<KubePod>> pods = api.nodes().stream()
                .flatMap(node -> api.podsOn(node.name()).stream())
                .collect(Collectors.groupingBy(WorldPicture::kin, TreeMap::new, Collectors.toList()));
        pods.forEach((kin, all) -> {
            put(
                    "api/pods/" + kin + "/images",
                    all.stream()
                            .flatMap(pod -> pod.images().stream())
                            .distinct()
                            .sorted()
                            .toList());
            put(
                    "api/pods/" + kin + "/ready",
                    all.stream().filter(KubePod::ready).count() + " of " + all.size());
            put(
                    "api/pods/" + kin + "/uids",
                    digest(all.stream().map(KubePod::uid).sorted().toList().toString()));
        });
    }

    /** Pods of one owner count together: their names are made up. */
    private static String kin(KubePod pod) {
        String owner = pod.owner().isEmpty() || pod.mirror() ? pod.name() : pod.owner();
        return pod.namespace() + "/" + owner.replaceFirst("^ReplicaSet/(.*)-[^-]+$", "Deployment/$1");
    }

    private void objects(Api api) {
        api.configMapNames().forEach(name -> {
            String[] parts = name.split("/", 2);
            api.configMap(parts[0], parts[1]).ifPresent(data -> put("api/configmap/" + name, digest(data.toString())));
        });
        api.namespaceNames().forEach(name -> put("api/namespace/" + name, "there"));
        api.budgets()
                .seen()
                .forEach(budget -> put(
                        "api/budget/" + budget.namespace() + "/" + budget.name(),
                        "keeps " + budget.desiredHealthy() + " healthy"));
        world.manifests().keys().forEach(key -> put("api/object/" + key, "there"));
        api.storageClass().ifPresent(name -> put("api/storageclass/" + name, "there"));
        put("api/lease/kube-system/belay", world.lock().holderWords());
        put("api/signingrequests", world.signingRequests().pending());
    }

    private static String digest(String text) {
        return "sha256:" + Files.sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, SHORT);
    }

    private void put(String field, Object value) {
        fields.put(field, String.valueOf(value));
    }
}
