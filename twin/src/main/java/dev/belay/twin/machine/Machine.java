package dev.belay.twin.machine;

import dev.belay.activities.host.CommandOutput;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.twin.etcd.OfflineTool;
import dev.belay.twin.kube.Api;
import dev.belay.twin.time.Seed;
import dev.belay.twin.time.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One host as a machine: everything that is there even when no API answers. */
public final class Machine {

    private final HostEntry entry;
    private final Traits traits;
    private final Seed seed;
    private final VirtualTime time;
    private final Files files;
    private final Packages packages;
    private final Jobs jobs;
    private final Containers containers;
    private final Units units;
    private final StaticPods staticPods;
    private final Kubelet kubelet;
    private final EtcdService etcdService;
    private int boots;
    private boolean powered = true;

    public Machine(
            HostEntry entry,
            Traits traits,
            Cluster.Packages site,
            Seed seed,
            VirtualTime time,
            Api api,
            Components components) {
        this.entry = entry;
        this.traits = traits;
        this.seed = seed;
        this.time = time;
        this.files = new Files(time);
        this.packages = new Packages(site);
        this.jobs = new Jobs(time);
        this.containers = new Containers(files, seed);
        this.units = new Units(files, containers, time);
        this.staticPods = new StaticPods(entry.node(), files, time, api, components, containers, seed);
        this.kubelet = new Kubelet(this, time, api);
        this.etcdService = new EtcdService(entry.node(), files, time, components);
        files.watch(path -> staticPods.changed(path, kubelet.isActive()));
    }

    public NodeName name() {
        return entry.node();
    }

    /** Says whether it is a node of Kubernetes; a host of external etcd is none. */
    public boolean isNode() {
        return entry.role() != NodeRole.ETCD;
    }

    public boolean isControlPlane() {
        return entry.role() == NodeRole.CONTROL_PLANE;
    }

    public String address() {
        return entry.address();
    }

    public Traits traits() {
        return traits;
    }

    public Files files() {
        return files;
    }

    public Packages packages() {
        return packages;
    }

    /** Packages that are there and held from the beginning, with the index they came from. */
    public void preinstall(List<String> names, String version) {
        packages.update(files.text(packages.sourceFile()).orElse(""));
        names.forEach(name -> packages.install(name, version));
        packages.held().addAll(names);
    }

    public Jobs jobs() {
        return jobs;
    }

    public Containers containers() {
        return containers;
    }

    public Units units() {
        return units;
    }

    public StaticPods staticPods() {
        return staticPods;
    }

    public Kubelet kubelet() {
        return kubelet;
    }

    /** A program of etcd that a person put on PATH; empty where there is none. */
    Optional<CommandOutput> programs(List<String> argv) {
        return etcdService
                .version()
                .filter(version -> OfflineTool.comesWith(argv.get(0), version))
                .map(version -> new OfflineTool(argv.get(0), version, files, path -> true, seed)
                        .run(argv.subList(1, argv.size())));
    }

    public EtcdService etcdService() {
        return etcdService;
    }

    public boolean isPowered() {
        return powered;
    }

    public String bootId() {
        return seed.uuid("boot " + entry.node() + " " + boots);
    }

    /** Takes the power away and gives it back later: processes and jobs are gone, files stay, the boot id is another. */
    public void powerCut(Duration dark) {
        powerOff();
        time.after(dark, this::powerOn);
    }

    /** Takes the power away until somebody gives it back. */
    public void powerOff() {
        if (!powered) {
            return;
        }
        powered = false;
        jobs.loseAll();
        units.loseAll();
        kubelet.die();
        staticPods.stopAll();
        etcdService.die();
    }

    /** Boots it, if it is off. */
    public void powerOn() {
        if (powered) {
            return;
        }
        boots++;
        powered = true;
        if (isNode()) {
            kubelet.start();
            staticPods.startAll();
        }
        etcdService.boot();
    }

    /**
     * What does not change about a machine.
     *
     * @param containerd its version
     * @param diskFree bytes
     * @param skew how far its clock is ahead
     */
    public record Traits(boolean cgroupV2, String containerd, long diskFree, long diskSize, Duration skew) {}
}
