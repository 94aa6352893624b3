package dev.belay.activities;

import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.etcd.jetcd.ClientUrl;
import dev.belay.activities.etcd.jetcd.EtcdCredentials;
import dev.belay.activities.etcd.jetcd.JetcdCluster;
import dev.belay.activities.etcd.jetcd.ScratchDialer;
import dev.belay.activities.evidence.Evidence;
import dev.belay.activities.evidence.Stores;
import dev.belay.activities.host.Hosts;
import dev.belay.activities.host.ssh.LocalForward;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.activities.kube.fabric8.Fabric8Cluster;
import dev.belay.activities.kube.fabric8.KubeconfigSource;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Reference;
import dev.belay.model.kubernetes.NodeName;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One real cluster by its inventory. References are resolved and connections made on first use, so that a step which needs no API is not
 * stopped by a kubeconfig that is not there; what could not be made is tried again at the next use.
 */
public final class RealPorts implements Ports {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int ETCD_PORT = 2379;

    private final Cluster inventory;
    private final SshHosts hosts;
    private final Lazy<Fabric8Cluster> kube;
    private final Lazy<Evidence> evidence;
    private final JetcdCluster etcd;
    private final Map<NodeName, LocalForward> forwards = new ConcurrentHashMap<>();
    private final StepClock clock = new SystemClock();

    public RealPorts(Cluster inventory, Secrets secrets) {
        this.inventory = inventory;
        this.hosts = new SshHosts(inventory, secrets);
        this.kube = new Lazy<>(() -> new Fabric8Cluster(kubeconfig(inventory.kubeconfig(), secrets)));
        this.evidence = new Lazy<>(() -> Stores.of(inventory.backups(), secrets));
        this.etcd = new JetcdCluster(inventory.etcdMembers(), this::credentials, this::forwardToEtcd, this::forwardTo);
    }

    private static KubeconfigSource kubeconfig(Reference reference, Secrets secrets) {
        boolean cheap = !reference.scheme().equals("exec");
        return new KubeconfigSource(
                reference.text(), () -> Secrets.named("kubernetes.kubeconfig", () -> secrets.bytes(reference)), cheap);
    }

    private EtcdCredentials credentials(NodeName node) {
        return inventory.hasExternalEtcd()
                ? EtcdCredentials.ofApiServer(hosts, inventory)
                : EtcdCredentials.of(hosts.on(node));
    }

    private InetSocketAddress forwardToEtcd(NodeName node) {
        return forwards.computeIfAbsent(node, this::wayToEtcd).address();
    }

    private LocalForward wayToEtcd(NodeName node) {
        if (!inventory.hasExternalEtcd()) {
            return hosts.forward(node, LOOPBACK, ETCD_PORT);
        }
        ClientUrl url = ClientUrl.of(EtcdSettings.ofUnit(hosts.on(node)));
        return hosts.forward(node, url.host(), url.port());
    }

    private ScratchDialer.Way forwardTo(NodeName node, int port) {
        LocalForward forward = hosts.forward(node, LOOPBACK, port);
        return new ScratchDialer.Way(forward.address(), forward::close);
    }

    @Override
    public Cluster inventory() {
        return inventory;
    }

    @Override
    public Hosts hosts() {
        return hosts;
    }

    @Override
    public EtcdCluster etcd() {
        return etcd;
    }

    @Override
    public KubeCluster kube() {
        return kube.get();
    }

    @Override
    public Evidence evidence() {
        return evidence.get();
    }

    @Override
    public StepClock clock() {
        return clock;
    }

    @Override
    public void close() {
        etcd.close();
        forwards.values().forEach(LocalForward::close);
        kube.close(Fabric8Cluster::close);
        hosts.close();
    }

    /** Made on first use; a failure to make it is not kept. */
    private static final class Lazy<T> {

        private final Supplier<T> maker;
        private @Nullable T made;

        Lazy(Supplier<T> maker) {
            this.maker = maker;
        }

        synchronized T get() {
            T known = made;
            if (known == null) {
                known = maker.get();
                made = known;
            }
            return known;
        }

        synchronized void close(Consumer<T> closer) {
            T known = made;
            if (known != null) {
                closer.accept(known);
                made = null;
            }
        }
    }
}
