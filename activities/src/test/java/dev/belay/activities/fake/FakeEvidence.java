package dev.belay.activities.fake;

import dev.belay.activities.evidence.ArchiveKey;
import dev.belay.activities.evidence.Evidence;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A backup store in memory; several nodes may be kept at once, as in the real one. */
public final class FakeEvidence implements Evidence {

    public Optional<ArchiveKey> key = Optional.empty();
    public final ConcurrentSkipListMap<String, byte[]> files = new ConcurrentSkipListMap<>();

    @Override
    public Artifact store(String path, Source source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            source.writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.put(path, bytes.toByteArray());
        return artifact(path);
    }

    @Override
    public List<Artifact> list(String prefix) {
        return files.keySet().stream()
                .filter(path -> path.startsWith(prefix))
                .map(this::artifact)
                .toList();
    }

    @Override
    public Optional<byte[]> read(String path) {
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public List<String> paths(String prefix) {
        return files.keySet().stream().filter(path -> path.startsWith(prefix)).toList();
    }

    @Override
    public Optional<InputStream> open(String path) {
        return read(path).map(ByteArrayInputStream::new);
    }

    @Override
    public void remove(String path) {
        files.remove(path);
    }

    @Override
    public Optional<ArchiveKey> key() {
        return key;
    }

    @Override
    public String location() {
        return "memory";
    }

    private Artifact artifact(String path) {
        byte[] bytes = files.get(path);
        return new Artifact(path, bytes.length, sha256(bytes));
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
