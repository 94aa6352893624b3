package dev.belay.activities.steps.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.evidence.ArchiveKey;
import dev.belay.activities.evidence.Evidence.Artifact;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EachHost;
import dev.belay.activities.steps.EachHost.Answer;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.EvidencePath;
import dev.belay.activities.steps.Findings;
import dev.belay.activities.steps.InstalledPackage;
import dev.belay.activities.steps.Nothing;
import dev.belay.activities.steps.Sha256;
import dev.belay.activities.steps.backup.FilesArchive.Manifest;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Json;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * Keeps what a host needs to be what it was: one {@code files-<node>.tar.gz} a host, owner and mode as found, with a manifest of sha256s
 * beside it, and the ConfigMaps that kubeadm keeps its record in. Not {@code /etc/kubernetes/tmp}, where kubeadm's own copies lie. Files
 * that flags of static pods name are among them wherever they are; of a host of external etcd its unit, settings and certificates. What holds
 * a private key is sealed with the inventory's {@code backups.key}; without one it is kept as it is, and the step says so.
 */
public final class BackupFiles extends DeclaredStep<Nothing, BackupFiles.Output> {

    private static final List<String> PATHS = List.of(
            "/etc/kubernetes/manifests",
            "/etc/kubernetes/pki",
            "/etc/kubernetes/admin.conf",
            "/etc/kubernetes/super-admin.conf",
            "/etc/kubernetes/controller-manager.conf",
            "/etc/kubernetes/scheduler.conf",
            "/etc/kubernetes/kubelet.conf",
            "/etc/kubernetes/patches",
            "/var/lib/kubelet/config.yaml",
            "/var/lib/kubelet/kubeadm-flags.env",
            "/var/lib/kubelet/instance-config.yaml",
            "/var/lib/kubelet/pki",
            "/etc/default/kubelet",
            "/etc/sysconfig/kubelet",
            "/etc/systemd/system/kubelet.service.d",
            "/usr/lib/systemd/system/kubelet.service.d",
            "/etc/cni/net.d",
            "/etc/containerd/config.toml");
    private static final List<String> EXTERNAL_ETCD = List.of(
            "/etc/default/etcd",
            "/etc/sysconfig/etcd",
            "/etc/etcd.env",
            "/etc/etcd",
            "/etc/systemd/system/" + EtcdSettings.UNIT,
            "/etc/systemd/system/" + EtcdSettings.UNIT + ".d",
            "/usr/lib/systemd/system/" + EtcdSettings.UNIT);
    private static final List<String> CONFIG_MAPS =
            List.of("kubeadm-config", "kubelet-config", "kube-proxy", "coredns");
    private static final List<String> PACKAGES = List.of("kubeadm", "kubelet", "kubectl");

    public record Output(
            @Doc("Hosts whose files were kept") int nodes,
            @Doc("Files kept") int files,

            @Doc("Files with private keys in them that were sealed with backups.key")
            int sealed,

            @Doc("Where they are in the backup store") String path) {}

    public BackupFiles() {
        super(
                "backup.files",
                "Keeps each node's manifests, certificates, kubeconfigs and kubelet files in the backup store, with checksums",
                Nothing.class,
                Output.class,
                Traits.cluster("15m", "10s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        configMaps(context);
        Findings findings = new Findings();
        int files = 0;
        int fresh = 0;
        int sealed = 0;
        for (Answer<Kept> answer :
                EachHost.of(context, context.inventory().hosts(), (entry, host) -> keep(context, host))) {
            if (answer.failure() != null) {
                findings.stop(answer.failure());
                continue;
            }
            Kept kept = answer.seen().orElseThrow();
            files += kept.files();
            sealed += kept.sealed();
            fresh += kept.fresh() ? 1 : 0;
        }
        findings.judge();
        int hosts = context.inventory().hosts().size();
        Output output = new Output(hosts, files, sealed, EvidencePath.of(context, ""));
        String why =
                files + " files of " + hosts + " hosts in " + context.evidence().location() + how(context, sealed);
        return fresh == 0 ? Done.already(output, why + ", kept before") : Done.done(output, why);
    }

    private static String how(StepContext context, int sealed) {
        return context.evidence().key().isPresent()
                ? ", " + sealed + " of them sealed"
                : "; private keys as they are, since the inventory names no backups.key";
    }

    /** What was kept of one node, and whether just now. */
    private record Kept(int files, int sealed, boolean fresh) {

        static Kept of(Manifest manifest, boolean fresh) {
            List<String> sealed = manifest.sealed();
            return new Kept(manifest.files().size(), sealed == null ? 0 : sealed.size(), fresh);
        }
    }

    private static Kept keep(StepContext context, Host host) {
        Optional<Manifest> finished = finished(context, host.node());
        if (finished.isPresent()) {
            return Kept.of(finished.get(), false);
        }
        EtcdSettings etcd =
                EtcdSettings.isExternal(context.inventory(), host.node()) ? EtcdSettings.ofUnit(host) : null;
        List<FileEntry> files = host.list(etcd == null ? paths(context, host) : paths(etcd));
        String path = archive(context, host.node());
        List<String> sealed = new ArrayList<>();
        Artifact stored = context.evidence().store(path, sink -> write(context, host, files, sealed, sink));
        Manifest manifest = new Manifest(
                host.node().value(),
                path,
                stored.sha256(),
                stored.bytes(),
                packages(host),
                files,
                sealed,
                context.evidence().key().map(ArchiveKey::id).orElse(null),
                etcd == null ? null : etcd.flags());
        store(context, manifest(context, host.node()), manifest);
        return Kept.of(manifest, true);
    }

    private static List<String> paths(StepContext context, Host host) {
        Set<String> paths = new LinkedHashSet<>(PATHS);
        paths.add(context.inventory().packages().sourceFile());
        paths.addAll(NamedFiles.of(host));
        return List.copyOf(paths);
    }

    private static List<String> paths(EtcdSettings etcd) {
        Set<String> paths = new LinkedHashSet<>(EXTERNAL_ETCD);
        paths.addAll(etcd.certificates());
        paths.addAll(etcd.keys());
        etcd.flag("--config-file").ifPresent(paths::add);
        return List.copyOf(paths);
    }

    private static void write(
            StepContext context, Host host, List<FileEntry> files, List<String> sealed, OutputStream sink)
            throws IOException {
        GZIPOutputStream zipped = new GZIPOutputStream(sink);
        try (TarWriter tar = new TarWriter(zipped, context.clock().now().getEpochSecond())) {
            for (FileEntry entry : files) {
                if (entry.link().isEmpty()) {
                    add(tar, context.evidence().key(), host, entry, sealed);
                } else {
                    tar.link(entry);
                }
            }
        }
        zipped.finish();
    }

    private static void add(TarWriter tar, Optional<ArchiveKey> key, Host host, FileEntry entry, List<String> sealed)
            throws IOException {
        byte[] content = content(host, entry);
        if (key.isEmpty() || !FilesArchive.isSecret(entry.path(), content)) {
            tar.file(entry, content);
            return;
        }
        FileEntry hidden =
                new FileEntry(entry.path() + FilesArchive.SEALED, entry.attributes(), entry.size(), entry.sha256(), "");
        tar.file(hidden, FilesArchive.sealed(key.get(), host.node(), entry.path(), content));
        sealed.add(entry.path());
    }

    private static byte[] content(Host host, FileEntry entry) {
        return host.read(entry.path())
                .filter(bytes -> Sha256.of(bytes).equals(entry.sha256()))
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.TRANSIENT,
                        "FILE_CHANGED",
                        host.node() + ": " + entry.path() + " changed while it was kept",
                        "find out what writes it"));
    }

    private static Map<String, String> packages(Host host) {
        Map<String, String> versions = new TreeMap<>();
        for (String name : PACKAGES) {
            InstalledPackage.version(host, name).ifPresent(version -> versions.put(name, version));
        }
        return versions;
    }

    private static void configMaps(StepContext context) {
        Map<String, Map<String, String>> found = new TreeMap<>();
        for (String name : CONFIG_MAPS) {
            context.kube().configMap("kube-system", name).ifPresent(data -> found.put(name, data));
        }
        String path = EvidencePath.of(context, "configmaps.json");
        if (context.evidence().read(path).isEmpty()) {
            store(context, path, found);
        }
    }

    private static Optional<Manifest> finished(StepContext context, NodeName node) {
        String path = archive(context, node);
        return context.evidence()
                .read(manifest(context, node))
                .flatMap(Manifest::parse)
                .filter(known -> context.evidence().list(path).stream()
                        .anyMatch(file ->
                                file.path().equals(path) && file.sha256().equals(known.sha256())));
    }

    private static String archive(StepContext context, NodeName node) {
        return EvidencePath.of(context, "files-" + EvidencePath.part(node) + ".tar.gz");
    }

    private static String manifest(StepContext context, NodeName node) {
        return EvidencePath.of(context, "files-" + EvidencePath.part(node) + ".json");
    }

    private static void store(StepContext context, String path, Object value) {
        try {
            byte[] json = Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
            context.evidence().store(path, sink -> sink.write(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
