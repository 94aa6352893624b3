package dev.belay.activities.steps.backup;

import dev.belay.activities.StepFailure;
import dev.belay.activities.evidence.ArchiveKey;
import dev.belay.activities.evidence.Evidence;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.EvidencePath;
import dev.belay.activities.steps.Sha256;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Json;
import dev.belay.model.run.FailureKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** What {@code backup.files} kept of one node: compared with its checksums when it is read, and each file again when it is asked for. */
public final class FilesArchive {

    static final String SEALED = ".sealed";

    /**
     * What lies beside an archive.
     *
     * @param sealed paths of those files that only the key opens
     * @param key its id; null when nothing is sealed
     * @param etcd what a member of an external etcd was told, by flag; null for a node
     */
    record Manifest(
            String node,
            String archive,
            String sha256,
            long bytes,
            Map<String, String> packages,
            List<FileEntry> files,
            @Nullable List<String> sealed,
            @Nullable String key,
            @Nullable Map<String, String> etcd) {

        static Optional<Manifest> parse(byte[] json) {
            try {
                return Optional.of(Json.mapper().readValue(json, Manifest.class));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        boolean isSealed(String path) {
            return sealed != null && sealed.contains(path);
        }
    }

    private final Evidence evidence;
    private final Manifest manifest;
    private final Map<String, byte[]> contents;

    private FilesArchive(Evidence evidence, Manifest manifest, Map<String, byte[]> contents) {
        this.evidence = evidence;
        this.manifest = manifest;
        this.contents = contents;
    }

    /**
     * The archive of a node.
     *
     * @param folder of a backup: {@code <cluster>/<run>/<hop>/}
     */
    public static FilesArchive of(Evidence evidence, String folder, NodeName node) {
        String name = folder + "files-" + EvidencePath.part(node);
        Manifest manifest = evidence.read(name + ".json")
                .flatMap(Manifest::parse)
                .orElseThrow(() -> broken(name + ".json is not in " + evidence.location()));
        byte[] archive = evidence.read(manifest.archive())
                .filter(bytes -> Sha256.of(bytes).equals(manifest.sha256()))
                .orElseThrow(() -> broken(manifest.archive() + " is missing or not what its manifest says"));
        try (GZIPInputStream zipped = new GZIPInputStream(new ByteArrayInputStream(archive))) {
            return new FilesArchive(evidence, manifest, new TarReader(zipped).files());
        } catch (IOException | RuntimeException e) {
            throw broken(manifest.archive() + " cannot be read: " + e.getMessage());
        }
    }

    /** Where it is in the backup store. */
    public String path() {
        return manifest.archive();
    }

    public String sha256() {
        return manifest.sha256();
    }

    public String node() {
        return manifest.node();
    }

    /** Versions of the Kubernetes packages that were installed, by name. */
    public Map<String, String> packages() {
        return Map.copyOf(manifest.packages());
    }

    /** What the member of an external etcd was told; empty for a node. */
    Optional<EtcdSettings> externalEtcd() {
        return Optional.ofNullable(manifest.etcd()).map(flags -> new EtcdSettings(new NodeName(node()), flags));
    }

    /** Regular files and links as they were found, sorted by path. */
    public List<FileEntry> files() {
        return List.copyOf(manifest.files());
    }

    /** The bytes of a regular file; PRECONDITION/SEALED when it takes a key that the inventory does not name. */
    public byte[] content(String path) {
        FileEntry entry = manifest.files().stream()
                .filter(file -> file.path().equals(path) && file.link().isEmpty())
                .findFirst()
                .orElseThrow(() -> broken(path + " of " + manifest.node() + " was not kept"));
        boolean sealed = manifest.isSealed(path);
        byte[] kept = contents.get(sealed ? path + SEALED : path);
        byte[] plain = kept == null || !sealed ? kept : key().unseal(manifest.node() + ":" + path, kept);
        if (plain == null || !Sha256.of(plain).equals(entry.sha256())) {
            throw broken(path + " in " + manifest.archive() + " is not what its manifest says");
        }
        return plain;
    }

    /** Sealed under the node's name too: an archive of another node cannot stand in for it. */
    static byte[] sealed(ArchiveKey key, NodeName node, String path, byte[] plain) {
        return key.seal(node + ":" + path, plain);
    }

    /** Says whether this holds a secret: a private key, or a kubeconfig or configuration with one in it. */
    static boolean isSecret(String path, byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        return path.endsWith(".key")
                || text.contains("PRIVATE KEY")
                || text.contains("client-key-data")
                || text.contains("kind: EncryptionConfig")
                || text.contains("token:");
    }

    private ArchiveKey key() {
        return evidence.key()
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PRECONDITION,
                        "SEALED",
                        "private keys in " + manifest.archive() + " are sealed with the key " + manifest.key()
                                + ", and the inventory names none",
                        "let backups.key of the inventory lead to that key"));
    }

    private static StepFailure broken(String why) {
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "BACKUP_MISSING",
                why,
                "find the backup store that the run wrote to, or the copy of it; `belay backups verify` reads every file");
    }
}
