package dev.belay.twin;

import dev.belay.activities.host.FileAttributes;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.twin.etcd.DataDirectory;
import dev.belay.twin.etcd.EtcdRing;
import dev.belay.twin.kube.Api;
import dev.belay.twin.kube.Lock;
import dev.belay.twin.kube.Manifests;
import dev.belay.twin.kube.Registry;
import dev.belay.twin.kube.SigningRequests;
import dev.belay.twin.kubeadm.ClusterConfiguration;
import dev.belay.twin.kubeadm.SimulatedKubeadm;
import dev.belay.twin.kubeadm.Site;
import dev.belay.twin.machine.Components;
import dev.belay.twin.machine.EtcdService;
import dev.belay.twin.machine.Machine;
import dev.belay.twin.machine.Machine.Traits;
import dev.belay.twin.machine.StaticPods;
import dev.belay.twin.pki.ClusterPki;
import dev.belay.twin.release.Releases;
import dev.belay.twin.time.Seed;
import dev.belay.twin.time.VirtualTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes the world of a shape: a cluster that has stood for some months and in which nothing is going on. */
final class Founding {

    private static final Duration AGE = Duration.ofDays(160);
    private static final long DISK_SIZE = 107_374_182_400L;
    private static final long DISK_FREE = 71_940_702_208L;

    private final ClusterShape shape;
    private final Cluster inventory;
    private final VirtualTime time;
    private final Seed seed;
    private final EtcdRing etcd;
    private final Api api;
    private final ClusterPki pki;
    private final Map<NodeName, Machine> machines = new LinkedHashMap<>();
    private final Site site;

    Founding(ClusterShape shape) {
        this.shape = shape;
        this.inventory = shape.inventory();
        this.time = new VirtualTime(shape.start());
        this.seed = new Seed(shape.seed());
        this.etcd = new EtcdRing(time, seed);
        this.api = new Api(time, seed, etcd);
        String endpoint = endpoint();
        this.pki = new ClusterPki(inventory.name(), endpoint, shape.start().minus(AGE));
        ClusterConfiguration configuration = ClusterConfiguration.of(
                inventory.name(),
                endpoint,
                shape.version(),
                shape.customs().componentArgs(),
                inventory.hasExternalEtcd() ? clientUrls() : List.of());
        this.site = new Site(api, etcd, pki, machines.values(), configuration);
    }

    World world() {
        inventory.hosts().forEach(this::join);
        members();
        controlPlanes();
        etcd.settle();
        configMaps();
        new Workloads(api, shape).settle();
        api.setStorageClass(shape.customs().storageClass());
        Manifests manifests = new Manifests(api);
        Lock lock = new Lock();
        SigningRequests requests = new SigningRequests();
        etcd.keep(new Registry(api, manifests, lock, requests));
        return new World(
                inventory,
                time,
                seed,
                etcd,
                api,
                manifests,
                lock,
                requests,
                pki,
                new SimulatedKubeadm(site),
                machines,
                new TreeMap<>());
    }

    private String endpoint() {
        return inventory.hosts(NodeRole.CONTROL_PLANE).stream()
                .map(HostEntry::address)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a cluster needs a control plane"));
    }

    private void join(HostEntry entry) {
        Customs customs = shape.customs();
        Traits traits = new Traits(customs.cgroupV2(), customs.containerd(), DISK_FREE, DISK_SIZE, Duration.ZERO);
        Components components = new ControlPlaneProcesses(etcd, api);
        Machine machine = new Machine(entry, traits, inventory.packages(), seed, time, api, components);
        machines.put(entry.node(), machine);
        if (!machine.isNode()) {
            return;
        }
        new NodeFiles(shape, pki).lay(machine);
        api.addNode(
                entry.node(),
                machine.isControlPlane(),
                entry.address(),
                "containerd://" + customs.containerd(),
                shape.version(),
                entry.zone());
        machine.kubelet().settle();
    }

    private void controlPlanes() {
        machines.values().stream().filter(Machine::isControlPlane).forEach(machine -> {
            for (String component : Releases.components(inventory.hasExternalEtcd())) {
                machine.files()
                        .write(
                                StaticPods.FOLDER + "/" + component + ".yaml",
                                site.manifest(component, machine, site.configuration()),
                                FileAttributes.ROOT_ONLY);
            }
            machine.staticPods().settle();
        });
    }

    private void members() {
        String version = Releases.etcd(shape.version());
        inventory.etcdHosts().forEach(entry -> etcd.add(entry.node().value(), entry.address(), version));
        if (inventory.hasExternalEtcd()) {
            api.servers().useExternalEtcd();
        }
        List<NodeName> members = inventory.etcdMembers();
        machines.values().stream()
                .filter(machine -> members.contains(machine.name()))
                .forEach(machine -> member(machine, version));
    }

    private void member(Machine machine, String version) {
        boolean external = inventory.hasExternalEtcd();
        String data = external ? EtcdService.DATA : ControlPlaneProcesses.DATA;
        etcd.found(machine.name().value(), new DataDirectory(machine.files(), data));
        if (external) {
            new NodeFiles(shape, pki).etcd(machine, peers());
            machine.etcdService().settle(version);
        }
    }

    private List<String> clientUrls() {
        return inventory.etcdHosts().stream()
                .map(entry -> "https://" + entry.address() + ":2379")
                .toList();
    }

    private String peers() {
        return inventory.etcdHosts().stream()
                .map(entry -> entry.node() + "=https://" + entry.address() + ":2380")
                .collect(Collectors.joining(","));
    }

    private void configMaps() {
        KubernetesVersion version = shape.version();
        site.upload(site.configuration());
        api.putConfigMap("kube-system", "kubelet-config", Map.of("kubelet", new NodeFiles(shape, pki).kubeletConfig()));
        api.putConfigMap("kube-system", "kube-root-ca.crt", Map.of("ca.crt", pki.caPem()));
        api.putConfigMap("kube-system", "kube-proxy", Map.of("config.conf", "mode: \"\"\n"));
        api.putConfigMap(
                "kube-system",
                "coredns",
                Map.of("Corefile", ".:53 {\n    errors\n    health\n    kubernetes cluster.local\n}\n"));
        api.putConfigMap("kube-public", "cluster-info", Map.of("version", version.toString()));
    }
}
