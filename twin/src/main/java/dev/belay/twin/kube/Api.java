package dev.belay.twin.kube;

import dev.belay.activities.kube.ApiServerHealth;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.kube.Workload;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.twin.etcd.EtcdRing;
import dev.belay.twin.time.Seed;
import dev.belay.twin.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The objects of the simulated cluster and the controllers behind them. Knows nothing of who asks, nor whether a server answers him. */
public final class Api {

    private static final Duration ROLL = Duration.ofSeconds(4);
    private static final Duration NOTICED = Duration.ofSeconds(1);

    private final VirtualTime time;
    private final EtcdRing etcd;
    private final ApiServers servers;
    private final Map<NodeName, ApiNode> nodes = new TreeMap<>();
    private final Map<String, Owner> owners = new TreeMap<>();
    private final Budgets budgets = new Budgets(this);
    private final List<Runnable> kubelets = new ArrayList<>();
    private final Map<String, Map<String, String>> configMaps = new TreeMap<>();
    private final Set<String> namespaces = new TreeSet<>(Set.of("default", "kube-system", "kube-public"));
    private final Placement placement = new Placement(nodes);
    private final Pods pods;
    private final Evictions evictions;
    private final String uid;
    private String storageClass = "";

    public Api(VirtualTime time, Seed seed, EtcdRing etcd) {
        this.time = time;
        this.etcd = etcd;
        this.servers = new ApiServers(etcd);
        this.pods = new Pods(time, seed, placement, new Probe(this::dnsAnswers, servers::available));
        this.evictions = new Evictions(pods, budgets.all(), owners.values());
        this.uid = seed.uuid("kube-system");
    }

    public ApiServers servers() {
        return servers;
    }

    public String uid() {
        return uid;
    }

    // ---- nodes

    public ApiNode addNode(
            NodeName name, boolean controlPlane, String ip, String runtime, KubernetesVersion kubelet, String zone) {
        Map<String, String> labels = new TreeMap<>(Map.of(
                "kubernetes.io/hostname", name.value(),
                "kubernetes.io/os", "linux",
                "kubernetes.io/arch", "amd64"));
        if (controlPlane) {
            labels.put("node-role.kubernetes.io/control-plane", "");
            labels.put("node.kubernetes.io/exclude-from-external-load-balancers", "");
        }
        if (!zone.isEmpty()) {
            labels.put("topology.kubernetes.io/zone", zone);
        }
        ApiNode node = new ApiNode(name, controlPlane, ip, runtime, kubelet, labels);
        nodes.put(name, node);
        placement.add(node);
        return node;
    }

    public List<KubeNode> nodes() {
        return nodes.values().stream().map(ApiNode::seen).toList();
    }

    public Collection<ApiNode> apiNodes() {
        return nodes.values();
    }

    Map<NodeName, ApiNode> nodesByName() {
        return nodes;
    }

    public Optional<ApiNode> node(NodeName name) {
        return Optional.ofNullable(nodes.get(name));
    }

    public Optional<KubeNode> seen(NodeName name) {
        return node(name).map(ApiNode::seen);
    }

    /** What a kubelet says of its node. */
    public void post(NodeName name, KubernetesVersion version, boolean ready) {
        ApiNode node = nodes.get(name);
        if (node == null) {
            return;
        }
        boolean raised = !node.kubelet().sameMinor(version);
        node.post(version, ready);
        if (raised) {
            pods.restartOn(node);
        }
        wrote();
        if (ready) {
            time.after(NOTICED, pods::retry);
        }
    }

    /** Makes a node unschedulable with a mark; says whether it was schedulable. */
    public boolean cordon(ApiNode node, String mark) {
        if (node.isUnschedulable()) {
            return false;
        }
        node.setUnschedulable(true);
        node.annotate(KubeCluster.CORDONED_BY, mark);
        wrote();
        return true;
    }

    /** Makes it schedulable again if it carries this mark. */
    public boolean uncordon(ApiNode node, String mark) {
        if (!node.annotation(KubeCluster.CORDONED_BY).equals(mark)) {
            return false;
        }
        node.setUnschedulable(false);
        node.removeAnnotation(KubeCluster.CORDONED_BY);
        wrote();
        time.after(NOTICED, pods::retry);
        return true;
    }

    public ApiServerHealth health(NodeName name) {
        ApiNode node = nodes.get(name);
        return servers.health(
                name.value(), node == null ? name.value() : node.seen().internalIp());
    }

    // ---- pods and owners

    /** Adds an owner with all its pods ready, as in a cluster that has stood for a while. */
    public void addSettled(Owner.Kind kind, String namespace, String name, int replicas, PodTemplate template) {
        Owner owner = add(kind, namespace, name, replicas, template);
        owner.pods().forEach(pod -> pod.startContainers(time.now()));
    }

    Owner add(Owner.Kind kind, String namespace, String name, int replicas, PodTemplate template) {
        namespaces.add(namespace);
        int wanted = kind == Owner.Kind.DAEMON_SET ? nodes.size() : replicas;
        Owner owner = new Owner(kind, namespace, name, wanted, template);
        owners.put(owner.key(), owner);
        if (kind == Owner.Kind.DAEMON_SET) {
            nodes.values().forEach(node -> pods.onNode(owner, node));
        } else {
            pods.replace(owner);
        }
        wrote();
        return owner;
    }

    /** Makes an owner, or gives the one of this name other replicas and another image. */
    void put(Owner.Kind kind, String namespace, String name, int replicas, PodTemplate template) {
        Owner owner = owners.get(new Owner(kind, namespace, name, 0, template).key());
        if (owner == null) {
            add(kind, namespace, name, replicas, template);
            return;
        }
        owner.scale(replicas);
        owner.alive().stream().skip(replicas).forEach(pods::terminate);
        owner.change(template);
        pods.replace(owner);
        rollOn(owner);
    }

    Optional<Owner> owner(String key) {
        return Optional.ofNullable(owners.get(key));
    }

    Map<String, Owner> owners() {
        return owners;
    }

    /** Gives an owner's pods annotations, and rolls them if any is new. */
    void annotate(Owner owner, Map<String, String> annotations) {
        PodTemplate next = owner.template().withAnnotations(annotations);
        if (!next.equals(owner.template())) {
            owner.change(next);
            rollOn(owner);
        }
    }

    void removeOwner(String key) {
        Owner owner = owners.remove(key);
        if (owner != null) {
            owner.scale(0);
            List.copyOf(owner.pods()).forEach(pods::terminate);
        }
    }

    Pods pods() {
        return pods;
    }

    Set<String> namespaces() {
        return namespaces;
    }

    Placement placement() {
        return placement;
    }

    /** What a kubelet does when the objects are others than it has seen. */
    public void onRestored(Runnable kubelet) {
        kubelets.add(kubelet);
    }

    void tellKubelets() {
        kubelets.forEach(Runnable::run);
    }

    /** A namespace is there until its last pod is gone. */
    boolean hasNamespace(String name) {
        return namespaces.contains(name)
                || pods.all().stream().anyMatch(pod -> pod.namespace().equals(name));
    }

    void endNamespace(String name) {
        List.copyOf(owners.values()).stream()
                .filter(owner -> owner.namespace().equals(name))
                .map(Owner::key)
                .forEach(this::removeOwner);
        List.copyOf(pods.all()).stream()
                .filter(pod -> pod.namespace().equals(name))
                .forEach(pods::terminate);
        budgets.endNamespace(name);
        configMaps.keySet().removeIf(key -> key.startsWith(name + "/"));
        namespaces.remove(name);
    }

    /** Gives an owner another image and rolls its pods, a tenth at a time. */
    public void roll(Owner.Kind kind, String namespace, String name, String image) {
        Owner like = new Owner(kind, namespace, name, 0, PodTemplate.of(Map.of(), image));
        Owner owner = owners.get(like.key());
        if (owner == null || owner.template().images().equals(List.of(image))) {
            return;
        }
        owner.change(owner.template().withImage(image));
        wrote();
        rollOn(owner);
    }

    private void rollOn(Owner owner) {
        List<ApiPod> old = owner.outdated();
        old.stream().limit(Math.max(1, owner.desired() / 10)).forEach(pods::terminate);
        if (!old.isEmpty()) {
            time.after(ROLL, () -> rollOn(owner));
        }
    }

    /** The API's picture of a static pod. */
    public ApiPod mirror(NodeName name, String component, String image, boolean running) {
        ApiNode node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("no node " + name);
        }
        PodTemplate template = PodTemplate.of(Map.of("component", component, "tier", "control-plane"), image);
        ApiPod pod = pods.mirror(node, component + "-" + name, template);
        if (running) {
            pod.startContainers(time.now());
        }
        return pod;
    }

    public void removeMirror(NodeName name, String component) {
        pods.find("kube-system", component + "-" + name).ifPresent(pods::forget);
    }

    public Optional<ApiPod> pod(String namespace, String name) {
        return pods.find(namespace, name);
    }

    public String log(String namespace, String name) {
        return pods.find(namespace, name).map(ApiPod::log).orElse("");
    }

    public List<KubePod> podsOn(NodeName name) {
        return node(name).stream()
                .flatMap(node -> node.pods().stream())
                .map(ApiPod::seen)
                .toList();
    }

    public List<KubePod> pods(String namespace, Map<String, String> labels) {
        return pods.all().stream()
                .filter(pod ->
                        pod.namespace().equals(namespace) && pod.template().selectedBy(labels))
                .map(ApiPod::seen)
                .toList();
    }

    public List<Workload> workloads() {
        return owners.values().stream()
                .map(Owner::seen)
                .sorted(Comparator.comparing(Workload::namespace)
                        .thenComparing(Workload::kind)
                        .thenComparing(Workload::name))
                .toList();
    }

    public boolean dnsAnswers() {
        return owners.values().stream()
                .filter(owner -> owner.name().equals("coredns"))
                .anyMatch(owner -> owner.pods().stream().anyMatch(ApiPod::isHealthy));
    }

    public Evictions evictions() {
        return evictions;
    }

    public Budgets budgets() {
        return budgets;
    }

    // ---- the rest

    public Optional<Map<String, String>> configMap(String namespace, String name) {
        return Optional.ofNullable(configMaps.get(namespace + "/" + name)).map(Map::copyOf);
    }

    public void putConfigMap(String namespace, String name, Map<String, String> data) {
        configMaps.put(namespace + "/" + name, new TreeMap<>(data));
        wrote();
    }

    /** {@code <namespace>/<name>} of each. */
    public List<String> configMapNames() {
        return List.copyOf(configMaps.keySet());
    }

    public List<String> namespaceNames() {
        return List.copyOf(namespaces);
    }

    /** What the pods of each workload are annotated with, by the workload's name as {@link Workload} says it. */
    public Map<String, Map<String, String>> podAnnotations() {
        Map<String, Map<String, String>> annotations = new TreeMap<>();
        owners.values()
                .forEach(owner -> annotations.put(
                        owner.seen().toString(), owner.template().annotations()));
        return annotations;
    }

    Map<String, Map<String, String>> configMaps() {
        return configMaps;
    }

    void removeConfigMap(String namespace, String name) {
        configMaps.remove(namespace + "/" + name);
        wrote();
    }

    public Optional<String> storageClass() {
        return Optional.of(storageClass).filter(name -> !name.isEmpty());
    }

    public void setStorageClass(String name) {
        storageClass = name;
    }

    /** The keys under which etcd holds its objects, in order. */
    public List<String> keys() {
        List<String> keys = new ArrayList<>();
        configMaps.keySet().forEach(key -> keys.add("/registry/configmaps/" + key));
        nodes.keySet().forEach(name -> keys.add("/registry/minions/" + name));
        namespaces.forEach(name -> keys.add("/registry/namespaces/" + name));
        budgets.all()
                .forEach(budget ->
                        keys.add("/registry/poddisruptionbudgets/" + budget.namespace() + "/" + budget.name()));
        pods.all().forEach(pod -> keys.add("/registry/pods/" + pod.namespace() + "/" + pod.name()));
        owners.values()
                .forEach(owner -> keys.add(
                        "/registry/" + owner.kind().resource() + "/" + owner.namespace() + "/" + owner.name()));
        return keys.stream().sorted().toList();
    }

    /** Every change is a write to etcd. */
    void wrote() {
        etcd.write();
    }
}
