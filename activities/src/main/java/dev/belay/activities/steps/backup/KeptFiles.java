package dev.belay.activities.steps.backup;

import dev.belay.activities.StepContext;
import dev.belay.activities.evidence.Evidence;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Host.NewContent;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.EvidencePath;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.StaticPods.StaticPod;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The files of one node as {@link BackupFiles} kept them, and how they are put back. */
public record KeptFiles(FilesArchive archive) {

    /** What the hop of the call kept of a node, checked against its manifest. */
    public static KeptFiles of(StepContext context, NodeName node) {
        return of(context.evidence(), EvidencePath.of(context, ""), node);
    }

    /**
     * What was kept of a node under a prefix of the backup store.
     *
     * @param set {@code <cluster>/<run>/<hop>/}
     */
    public static KeptFiles of(Evidence evidence, String set, NodeName node) {
        return new KeptFiles(FilesArchive.of(evidence, set, node));
    }

    /** The content of one file; empty when it was not kept. */
    public Optional<byte[]> content(String path) {
        return archive.files().stream()
                .filter(file -> file.path().equals(path) && file.link().isEmpty())
                .findFirst()
                .map(file -> archive.content(path));
    }

    /** The static pod of a component as its kept manifest has it; empty when there was none. */
    public Optional<StaticPod> staticPod(String component) {
        String path = StaticPods.manifest(component);
        return content(path).map(bytes -> StaticPods.read(new NodeName(archive.node()), path, bytes));
    }

    /** What the host's member of etcd was told; empty where there was none. */
    public Optional<EtcdSettings> etcdSettings() {
        return archive.externalEtcd()
                .or(() -> staticPod("etcd").map(pod -> EtcdSettings.of(new NodeName(archive.node()), pod)));
    }

    /** The version in the tag of the kept etcd manifest; empty when there is none. */
    public Optional<EtcdVersion> etcd() {
        return staticPod("etcd").flatMap(pod -> EtcdVersion.tryParse(StaticPods.tag(pod.image())));
    }

    /** Puts files back where the host has another content or none, with owner and mode as they were. Returns the paths written. */
    public List<String> putBack(Host host, Predicate<String> meant) {
        List<FileEntry> kept = archive.files().stream()
                .filter(file -> file.link().isEmpty() && meant.test(file.path()))
                .toList();
        if (kept.isEmpty()) {
            return List.of();
        }
        Map<String, String> there = new TreeMap<>();
        host.list(kept.stream().map(FileEntry::path).toList()).forEach(file -> there.put(file.path(), file.sha256()));
        List<NewContent> differ = kept.stream()
                .filter(file -> !file.sha256().equals(there.get(file.path())))
                .map(file -> NewContent.of(file.path(), archive.content(file.path()), file.attributes()))
                .toList();
        host.writeAll(differ);
        return differ.stream().map(NewContent::path).toList();
    }
}
