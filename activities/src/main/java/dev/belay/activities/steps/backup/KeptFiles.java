package dev.belay.activities.steps.backup;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.evidence.Evidence;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.EvidencePath;
import dev.belay.activities.steps.Sha256;
import dev.belay.activities.steps.StaticPods;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/**
 * The files of one node as {@link BackupFiles} kept them.
 *
 * @param packages versions that were installed, by name
 */
public record KeptFiles(
        NodeName node, Map<String, String> packages, List<FileEntry> files, Map<String, byte[]> contents) {

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
        String name = set + "files-" + EvidencePath.part(node);
        BackupFiles.Manifest manifest = evidence.read(name + ".json")
                .flatMap(BackupFiles::parse)
                .orElseThrow(() -> missing(evidence, name + ".json", "is not there, or cannot be read"));
        byte[] archive = evidence.read(manifest.archive())
                .filter(bytes -> Sha256.of(bytes).equals(manifest.sha256()))
                .orElseThrow(
                        () -> missing(evidence, manifest.archive(), "is not there, or is not what its manifest says"));
        try (GZIPInputStream source = new GZIPInputStream(new ByteArrayInputStream(archive))) {
            return new KeptFiles(node, manifest.packages(), manifest.files(), new TarReader(source).files());
        } catch (IOException e) {
            throw missing(evidence, manifest.archive(), "cannot be read: " + e.getMessage());
        }
    }

    /** The content of one file; empty when it was not kept. */
    public Optional<byte[]> content(String path) {
        return Optional.ofNullable(contents.get(path));
    }

    /** The version in the tag of the kept etcd manifest; empty when there is none. */
    public Optional<EtcdVersion> etcd() {
        return content(StaticPods.DIRECTORY + "/etcd.yaml")
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .flatMap(text -> text.lines()
                        .map(String::strip)
                        .filter(line -> line.startsWith("image:"))
                        .findFirst())
                .flatMap(line -> EtcdVersion.tryParse(
                        StaticPods.tag(line.substring("image:".length()).strip())));
    }

    /** Puts files back where the host has another content or none, with owner and mode as they were. Returns the paths written. */
    public List<String> putBack(Host host, Predicate<String> meant) {
        List<String> written = new ArrayList<>();
        for (FileEntry file : files) {
            byte[] content = contents.get(file.path());
            if (content == null || !meant.test(file.path())) {
                continue;
            }
            if (!host.read(file.path()).map(Sha256::of).equals(Optional.of(file.sha256()))) {
                host.write(file.path(), content, file.attributes());
                written.add(file.path());
            }
        }
        return written;
    }

    private static StepFailure missing(Evidence evidence, String path, String why) {
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "BACKUP_MISSING",
                path + " in " + evidence.location() + " " + why,
                "find the backup store that the run wrote to, or the copy of it");
    }
}
