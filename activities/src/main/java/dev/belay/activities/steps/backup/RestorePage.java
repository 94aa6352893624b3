package dev.belay.activities.steps.backup;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.ShellQuoting;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.EvidencePath;
import dev.belay.activities.steps.StaticPods;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The text of the page: what is there, and every command of a restore, node by node. */
final class RestorePage {

    private static final String ETCD = "etcd";
    private static final String PKI = "/etc/kubernetes/pki/etcd/";
    private static final String SHELF = "/etc/kubernetes/by-hand";
    private static final String INSTANCE = "/var/lib/kubelet/instance-config.yaml";
    private static final List<String> KUBELET =
            List.of("/var/lib/kubelet/config.yaml", "/var/lib/kubelet/kubeadm-flags.env", INSTANCE);
    private static final List<String> PACKAGES = List.of("kubeadm", "kubelet", "kubectl");

    private final StepContext context;
    private final BackupReceipt receipt;
    private final Optional<DrillCertificate> drill;
    private final List<Node> nodes;
    private final StringBuilder page = new StringBuilder();

    /** One host and what was kept of it. */
    private record Node(HostEntry entry, FilesArchive archive, Optional<EtcdSettings> etcd) {

        String flag(String name) {
            return etcd.flatMap(settings -> settings.flag(name))
                    .orElseThrow(() -> StepFailure.of(
                            FailureKind.PRECONDITION,
                            "BACKUP_INCOMPLETE",
                            "what was kept of the etcd of " + entry.node() + " has no " + name,
                            "let its manifest or unit name it, as kubeadm and etcd's own guide do"));
        }

        boolean isExternal() {
            return entry.role() == NodeRole.ETCD;
        }

        boolean has(String path) {
            return archive.files().stream().anyMatch(file -> file.path().equals(path));
        }
    }

    private RestorePage(
            StepContext context, BackupReceipt receipt, Optional<DrillCertificate> drill, List<Node> nodes) {
        this.context = context;
        this.receipt = receipt;
        this.drill = drill;
        this.nodes = nodes;
    }

    static RestorePage of(StepContext context) {
        Backups all = Backups.of(context);
        BackupReceipt receipt = all.named(EvidencePath.of(context, ""));
        List<Node> nodes = new ArrayList<>();
        for (NodeRole role : NodeRole.values()) {
            for (HostEntry entry : context.inventory().hosts(role)) {
                KeptFiles kept = KeptFiles.of(context, entry.node());
                nodes.add(new Node(entry, kept.archive(), kept.etcdSettings()));
            }
        }
        return new RestorePage(context, receipt, all.certificate(receipt), nodes);
    }

    String text() {
        head();
        bring();
        title("2. Stop what writes, on every control plane");
        controlPlanes().forEach(node -> stop(node, StaticPods.KUBERNETES));
        title("3. Only then stop etcd, on " + everyMember());
        members().forEach(this::stopEtcd);
        data();
        packages("5. Packages and kubelet of every control plane", controlPlanes());
        title("6. Start etcd, on " + everyMember() + " within a minute");
        members().forEach(this::startEtcd);
        look();
        title("7. Start the rest, on every control plane");
        controlPlanes().forEach(node -> start(node, StaticPods.KUBERNETES));
        packages("8. Packages and kubelet of every worker", of(NodeRole.WORKER));
        end();
        return page.toString();
    }

    private void head() {
        line("# " + receipt.cluster() + " by hand: back to " + receipt.kubernetes() + " as it was at "
                + receipt.takenAt());
        line("Written by run " + context.call().run()
                + " before its first change, for the day on which Belay itself is gone."
                + " Every write after revision " + receipt.revision()
                + " is lost. Do each numbered part on all its nodes before the next one begins.");
        line("");
        line("- Store: `" + context.evidence().location() + "`, folder `" + receipt.folder() + "`");
        line("- Snapshot: `" + Backups.SNAPSHOT + "`, " + receipt.bytes() + " bytes, " + receipt.keys()
                + " keys, of etcd " + receipt.version() + "; it takes an etcdutl of that minor, 3.5.10 or newer");
        line("- Tried: "
                + drill.filter(DrillCertificate::passed)
                        .map(seen -> "restored on " + seen.node() + " at " + seen.at() + ", " + seen.keys()
                                + " keys, as the live etcd had them")
                        .orElse("**never**: no trial restore of it has passed"));
        line("- Private keys stay on their nodes. In the archives "
                + context.evidence()
                        .key()
                        .map(key ->
                                "they are sealed with the key " + key.id() + " (AES-256-GCM); nothing below needs them")
                        .orElse("they lie as they are: guard these files"));
    }

    private void bring() {
        title("1. Look at the files, and bring them to the nodes");
        List<String> sums = new ArrayList<>(List.of(receipt.sha256() + "  " + Backups.SNAPSHOT));
        nodes.forEach(node -> sums.add(node.archive().sha256() + "  " + name(node.archive())));
        begin();
        line("sha256sum -c <<'SUMS'");
        sums.forEach(this::line);
        line("SUMS");
        for (Node node : nodes) {
            boolean member = members().contains(node);
            command(Stream.of(
                            List.of("scp", "-P", Integer.toString(node.entry().port())),
                            member ? List.of(Backups.SNAPSHOT) : List.<String>of(),
                            List.of(name(node.archive()), login(node) + ":/tmp/"))
                    .flatMap(List::stream)
                    .toList());
        }
        finish();
    }

    private void stop(Node node, List<String> components) {
        on(node);
        sudo("mkdir", "-p", SHELF);
        components.forEach(each -> sudo("mv", "-n", StaticPods.manifest(each), SHELF + "/"));
        components.forEach(
                each -> line("while pgrep -f " + ShellQuoting.quote("^" + each + "( |$)") + "; do sleep 1; done"));
        finish();
    }

    private void stopEtcd(Node node) {
        if (!node.isExternal()) {
            stop(node, List.of(ETCD));
            return;
        }
        on(node);
        sudo("systemctl", "disable", "--now", EtcdSettings.UNIT);
        finish();
    }

    private void data() {
        title("4. New data from the snapshot, on " + everyMember() + "; the old ones stay beside them");
        line(
                "Where no `etcdutl` of that minor is on a node, take the one of its image: write `sudo ctr -n k8s.io run --rm --mount"
                        + " type=bind,src=/var/lib,dst=/var/lib,options=rbind:rw IMAGE by-hand etcdutl` for `sudo etcdutl`, IMAGE being of `sudo ctr -n k8s.io images ls -q`."
                        + " All members take the same token.");
        String peers = members().stream()
                .map(node -> node.flag("--name") + "=" + node.flag("--initial-advertise-peer-urls"))
                .collect(Collectors.joining(","));
        for (Node node : members()) {
            String data = node.flag("--data-dir");
            String file = data + "-by-hand.db";
            on(node);
            sudo("install", "-m", "600", "/tmp/" + Backups.SNAPSHOT, file);
            sudo("mv", "-T", "-n", data, data + ".before-by-hand");
            sudo(
                    "etcdutl",
                    "snapshot",
                    "restore",
                    file,
                    "--name=" + node.flag("--name"),
                    "--initial-cluster=" + peers,
                    "--initial-advertise-peer-urls=" + node.flag("--initial-advertise-peer-urls"),
                    "--initial-cluster-token=by-hand-" + context.call().run(),
                    "--data-dir=" + data,
                    "--bump-revision=1000000000",
                    "--mark-compacted");
            sudo("chown", "-R", "--reference=" + data + ".before-by-hand", data);
            sudo("chmod", "700", data);
            sudo("rm", "--", file);
            finish();
        }
    }

    private void packages(String title, List<Node> which) {
        title(title);
        for (Node node : which) {
            Map<String, String> versions = new TreeMap<>(node.archive().packages());
            versions.keySet().retainAll(PACKAGES);
            on(node);
            unpack(
                    node,
                    Stream.concat(Stream.of(context.inventory().packages().sourceFile()), KUBELET.stream())
                            .toList());
            if (!node.has(INSTANCE)) {
                sudo("rm", "-f", "--", INSTANCE);
            }
            sudo("apt-get", "update");
            List<String> names = List.copyOf(versions.keySet());
            sudo("apt-mark", names, "unhold");
            sudo(
                    "apt-get",
                    versions.entrySet().stream()
                            .map(each -> each.getKey() + "=" + each.getValue())
                            .toList(),
                    "install",
                    "-y",
                    "--allow-downgrades",
                    "-o",
                    "Dpkg::Options::=--force-confold");
            sudo("apt-mark", names, "hold");
            sudo("systemctl", "daemon-reload");
            sudo("systemctl", "restart", "kubelet");
            finish();
        }
    }

    private void start(Node node, List<String> components) {
        on(node);
        unpack(node, components.stream().map(StaticPods::manifest).toList());
        finish();
    }

    private void startEtcd(Node node) {
        if (!node.isExternal()) {
            start(node, List.of(ETCD));
            return;
        }
        on(node);
        sudo("systemctl", "enable", EtcdSettings.UNIT);
        sudo("systemctl", "start", "--no-block", EtcdSettings.UNIT);
        finish();
    }

    private void look() {
        line("All members must answer, with one cluster id, one leader and equal hashes, before part 7:");
        Node first = members().get(0);
        boolean own = first.isExternal();
        if (!own) {
            line(
                    "Where no `etcdctl` is on a node, write `sudo ctr -n k8s.io run --rm --net-host --mount type=bind,src="
                            + "/etc/kubernetes/pki,dst=/etc/kubernetes/pki,options=rbind:ro IMAGE by-hand etcdctl` for `sudo etcdctl`.");
        }
        on(first);
        for (String question : List.of("status", "hashkv")) {
            sudo(
                    "etcdctl",
                    "--endpoints=" + first.flag("--advertise-client-urls"),
                    "--cacert=" + (own ? first.flag("--trusted-ca-file") : PKI + "ca.crt"),
                    "--cert=" + (own ? first.flag("--peer-cert-file") : PKI + "healthcheck-client.crt"),
                    "--key=" + (own ? first.flag("--peer-key-file") : PKI + "healthcheck-client.key"),
                    "endpoint",
                    question,
                    "--cluster",
                    "-w",
                    "table");
        }
        finish();
    }

    private void end() {
        title("9. Afterwards");
        line(
                "Whatever watches the API holds what is gone: start it anew. The lock of the run came back with the snapshot: give it back.");
        begin();
        line("kubectl get nodes");
        line("kubectl -n kube-system rollout restart deployment,daemonset");
        line("kubectl -n kube-system delete lease belay --ignore-not-found");
        finish();
        line(
                "Uncordon what is cordoned and should not be. The old data lie beside the new ones as `.before-by-hand`, the newer manifests in `"
                        + SHELF
                        + "`: remove them when all is well. Volumes, load balancers and what others did outside of this cluster since are as they are.");
    }

    /** Those of the paths that were kept, out of the node's archive, with owner and mode. */
    private void unpack(Node node, List<String> paths) {
        List<String> kept =
                paths.stream().filter(node::has).map(path -> path.substring(1)).toList();
        if (!kept.isEmpty()) {
            sudo("tar", kept, "-xzpf", "/tmp/" + name(node.archive()), "-C", "/");
        }
    }

    private List<Node> controlPlanes() {
        return of(NodeRole.CONTROL_PLANE);
    }

    /** What runs etcd. */
    private List<Node> members() {
        List<Node> external = of(NodeRole.ETCD);
        return external.isEmpty() ? controlPlanes() : external;
    }

    private List<Node> of(NodeRole role) {
        return nodes.stream().filter(node -> node.entry().role() == role).toList();
    }

    private String everyMember() {
        return of(NodeRole.ETCD).isEmpty() ? "every control plane" : "every host of etcd";
    }

    private String login(Node node) {
        String user = node.entry().user();
        return (user == null ? context.inventory().ssh().user() : user) + "@"
                + node.entry().address();
    }

    private static String name(FilesArchive archive) {
        return archive.path().substring(archive.path().lastIndexOf('/') + 1);
    }

    private void title(String text) {
        line("");
        line("## " + text);
    }

    private void on(Node node) {
        line("");
        line(node.entry().node() + ": `"
                + ShellQuoting.line(
                        List.of("ssh", "-p", Integer.toString(node.entry().port()), login(node))) + "`");
        begin();
    }

    private void sudo(String... argv) {
        command(Stream.concat(Stream.of("sudo"), Stream.of(argv)).toList());
    }

    /** {@code last}: the words that come at the end. */
    private void sudo(String program, List<String> last, String... first) {
        command(Stream.of(List.of("sudo", program), List.of(first), last)
                .flatMap(List::stream)
                .toList());
    }

    private void command(List<String> argv) {
        line(ShellQuoting.line(argv));
    }

    private void begin() {
        line("```sh");
    }

    private void finish() {
        line("```");
    }

    private void line(String text) {
        page.append(text).append('\n');
    }
}
