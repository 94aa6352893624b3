package dev.belay.twin.kubeadm;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.twin.machine.Machine;
import dev.belay.twin.release.Releases;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Static pod manifests as kubeadm of each minor writes them. */
public final class ManifestText {

    private static final Map<String, Integer> PROBE_PORTS = Map.of(
            Releases.ETCD, 2381,
            Releases.API_SERVER, 6443,
            Releases.CONTROLLER_MANAGER, 10257,
            Releases.SCHEDULER, 10259);

    private ManifestText() {}

    /** The manifest of a component on this node. */
    public static String of(String component, Machine machine, ClusterConfiguration config, String etcdPeers) {
        KubernetesVersion version = config.version();
        List<String> flags = new ArrayList<>(flags(component, machine, config, etcdPeers));
        flags.addAll(config.argsOf(component));
        flags.sort(String::compareTo);
        String command = flags.stream().map(flag -> "    - " + flag + "\n").reduce("", String::concat);
        return "apiVersion: v1\nkind: Pod\nmetadata:\n" + annotations(component, machine)
                + "  labels:\n    component: " + component + "\n    tier: control-plane\n  name: " + component
                + "\n  namespace: kube-system\nspec:\n  containers:\n  - command:\n    - " + component + "\n" + command
                + "    image: " + Releases.image(component, version, config.imageRepository())
                + "\n    imagePullPolicy: IfNotPresent\n" + probe(component, machine, version) + "    name: "
                + component
                + "\n    resources:\n      requests:\n        cpu: 100m\n" + volumes(component) + "status: {}\n";
    }

    private static String annotations(String component, Machine machine) {
        return switch (component) {
            case Releases.ETCD ->
                "  annotations:\n    kubeadm.kubernetes.io/etcd.advertise-client-urls: https://" + machine.address()
                        + ":2379\n";
            case Releases.API_SERVER ->
                "  annotations:\n    kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint: "
                        + machine.address() + ":6443\n";
            default -> "";
        };
    }

    private static String probe(String component, Machine machine, KubernetesVersion version) {
        boolean named = version.minor() >= 34;
        String port = named ? "probe-port" : String.valueOf(PROBE_PORTS.get(component));
        String host = component.equals(Releases.API_SERVER) ? machine.address() : "127.0.0.1";
        String scheme = component.equals(Releases.ETCD) ? "HTTP" : "HTTPS";
        String path = version.minor() >= 31 || component.equals(Releases.API_SERVER) ? "/livez" : "/healthz";
        String probe = "    livenessProbe:\n      failureThreshold: 8\n      httpGet:\n        host: " + host
                + "\n        path: " + path + "\n        port: " + port + "\n        scheme: " + scheme
                + "\n      initialDelaySeconds: 10\n      periodSeconds: 10\n      timeoutSeconds: 15\n";
        return named
                ? probe + "    ports:\n    - containerPort: " + PROBE_PORTS.get(component)
                        + "\n      name: probe-port\n      protocol: TCP\n"
                : probe;
    }

    private static String volumes(String component) {
        String path = component.equals(Releases.ETCD) ? "/var/lib/etcd" : "/etc/kubernetes/pki";
        return "    volumeMounts:\n    - mountPath: " + path + "\n      name: files\n  hostNetwork: true\n"
                + "  priority: 2000001000\n  priorityClassName: system-node-critical\n  volumes:\n  - hostPath:\n"
                + "      path: " + path + "\n      type: DirectoryOrCreate\n    name: files\n";
    }

    private static List<String> flags(
            String component, Machine machine, ClusterConfiguration config, String etcdPeers) {
        return switch (component) {
            case Releases.ETCD -> etcdFlags(machine, config.version(), etcdPeers);
            case Releases.API_SERVER ->
                List.of(
                        "--advertise-address=" + machine.address(),
                        "--authorization-mode=Node,RBAC",
                        "--client-ca-file=/etc/kubernetes/pki/ca.crt",
                        "--enable-admission-plugins=NodeRestriction",
                        "--etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt",
                        "--etcd-certfile=/etc/kubernetes/pki/apiserver-etcd-client.crt",
                        "--etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key",
                        "--etcd-servers="
                                + (config.hasExternalEtcd()
                                        ? String.join(",", config.externalEtcd())
                                        : "https://127.0.0.1:2379"),
                        "--secure-port=6443",
                        "--service-account-key-file=/etc/kubernetes/pki/sa.pub",
                        "--service-account-signing-key-file=/etc/kubernetes/pki/sa.key",
                        "--service-cluster-ip-range=10.96.0.0/16",
                        "--tls-cert-file=/etc/kubernetes/pki/apiserver.crt",
                        "--tls-private-key-file=/etc/kubernetes/pki/apiserver.key");
            case Releases.CONTROLLER_MANAGER ->
                List.of(
                        "--bind-address=127.0.0.1",
                        "--cluster-name=" + config.clusterName(),
                        "--cluster-signing-cert-file=/etc/kubernetes/pki/ca.crt",
                        "--cluster-signing-key-file=/etc/kubernetes/pki/ca.key",
                        "--kubeconfig=/etc/kubernetes/controller-manager.conf",
                        "--leader-elect=true");
            default ->
                List.of(
                        "--bind-address=127.0.0.1",
                        "--kubeconfig=/etc/kubernetes/scheduler.conf",
                        "--leader-elect=true");
        };
    }

    private static List<String> etcdFlags(Machine machine, KubernetesVersion version, String peers) {
        String client = "https://" + machine.address() + ":2379";
        String peer = "https://" + machine.address() + ":2380";
        List<String> flags = new ArrayList<>(List.of(
                "--advertise-client-urls=" + client,
                "--cert-file=/etc/kubernetes/pki/etcd/server.crt",
                "--client-cert-auth=true",
                "--data-dir=/var/lib/etcd",
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=" + peers,
                "--key-file=/etc/kubernetes/pki/etcd/server.key",
                "--listen-client-urls=https://127.0.0.1:2379," + client,
                "--listen-metrics-urls=http://127.0.0.1:2381",
                "--listen-peer-urls=" + peer,
                "--name=" + machine.name(),
                "--snapshot-count=10000",
                "--trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt"));
        boolean experimental = version.minor() < 34;
        flags.add(
                experimental
                        ? "--experimental-initial-corrupt-check=true"
                        : "--feature-gates=InitialCorruptCheck=true");
        flags.add((experimental ? "--experimental-" : "--") + "watch-progress-notify-interval=5s");
        return flags;
    }
}
