package dev.belay.activities.evidence;

import dev.belay.activities.StepFailure;
import dev.belay.model.run.FailureKind;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.ObjectWriteArgs;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A bucket as the backup store, by S3's protocol. An artefact is sent in parts and seen only when the last one has arrived; one that breaks
 * off is never finished. The bucket must be there: who may read it, and whether it is encrypted, is its owner's to say.
 */
public final class S3Evidence implements Evidence {

    private static final long PART = ObjectWriteArgs.MIN_MULTIPART_SIZE * 2L;
    private static final int LARGEST_READ = 16 << 20;

    private final BucketAddress address;
    private final Optional<ArchiveKey> key;
    private final MinioClient client;

    /** @param region empty when the store has none */
    public S3Evidence(
            BucketAddress address, String region, String accessKey, String secretKey, Optional<ArchiveKey> key) {
        this.address = address;
        this.key = key;
        MinioClient.Builder builder =
                MinioClient.builder().endpoint(address.endpoint()).credentials(accessKey, secretKey);
        this.client =
                region.isEmpty() ? builder.build() : builder.region(region).build();
    }

    @Override
    public Artifact store(String path, Source source) {
        String object = object(path);
        MessageDigest digest = sha256();
        long bytes = new PipedUpload(digest)
                .run(
                        source,
                        content ->
                                client.putObject(PutObjectArgs.builder().bucket(address.bucket()).object(object).stream(
                                                content, -1, PART)
                                        .build()),
                        e -> broken("write " + path, e));
        return new Artifact(path, bytes, HexFormat.of().formatHex(digest.digest()));
    }

    @Override
    public List<Artifact> list(String prefix) {
        return paths(prefix).stream()
                .map(this::artifact)
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public List<String> paths(String prefix) {
        return call("list " + prefix, () -> {
            List<String> paths = new ArrayList<>();
            ListObjectsArgs all = ListObjectsArgs.builder()
                    .bucket(address.bucket())
                    .prefix(address.prefix() + prefix)
                    .recursive(true)
                    .build();
            for (Result<Item> item : client.listObjects(all)) {
                paths.add(item.get().objectName().substring(address.prefix().length()));
            }
            return paths.stream().sorted().toList();
        });
    }

    @Override
    public Optional<byte[]> read(String path) {
        return open(path)
                .map(stream -> call("read " + path, () -> {
                    try (stream) {
                        byte[] content = stream.readNBytes(LARGEST_READ + 1);
                        if (content.length > LARGEST_READ) {
                            throw StepFailure.of(
                                    FailureKind.PERMANENT,
                                    "EVIDENCE_TOO_LARGE",
                                    address + "/" + path + " is larger than 16 MB, more than can be read whole",
                                    "read it as a file");
                        }
                        return content;
                    }
                }));
    }

    @Override
    public Optional<InputStream> open(String path) {
        String object = object(path);
        return call("read " + path, () -> {
            try {
                return Optional.of(client.getObject(GetObjectArgs.builder()
                        .bucket(address.bucket())
                        .object(object)
                        .build()));
            } catch (ErrorResponseException e) {
                if (e.errorResponse().code().equals("NoSuchKey")) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public void remove(String path) {
        String object = object(path);
        call("remove " + path, () -> {
            client.removeObject(RemoveObjectArgs.builder()
                    .bucket(address.bucket())
                    .object(object)
                    .build());
            return true;
        });
    }

    @Override
    public Optional<ArchiveKey> key() {
        return key;
    }

    @Override
    public String location() {
        return address.toString();
    }

    private Optional<Artifact> artifact(String path) {
        return open(path)
                .map(stream -> call("read " + path, () -> {
                    MessageDigest digest = sha256();
                    try (stream) {
                        long bytes = stream.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
                        return new Artifact(path, bytes, HexFormat.of().formatHex(digest.digest()));
                    }
                }));
    }

    private String object(String path) {
        return address.prefix() + String.join("/", ArtefactPath.segments(path));
    }

    private <T> T call(String what, Call<T> call) {
        try {
            return call.make();
        } catch (IOException | MinioException | GeneralSecurityException e) {
            throw broken(what, e);
        }
    }

    /** What the store itself refuses will not heal; that it does not answer may. */
    private StepFailure broken(String what, Exception e) {
        boolean silent = e instanceof IOException;
        String why = e instanceof ErrorResponseException answer
                ? answer.errorResponse().code() + " " + answer.errorResponse().message()
                : e.getClass().getSimpleName() + " " + e.getMessage();
        return StepFailure.of(
                silent ? FailureKind.TRANSIENT : FailureKind.PRECONDITION,
                silent ? "EVIDENCE_UNREACHABLE" : "EVIDENCE_UNUSABLE",
                "the backup store " + address + " could not " + what + ": " + why,
                "look at backups.store of the inventory: the bucket must be there, and the keys must allow to read and write it");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** One request. */
    @FunctionalInterface
    private interface Call<T> {
        T make() throws IOException, MinioException, GeneralSecurityException;
    }
}
