package dev.belay.twin;

import dev.belay.activities.evidence.ArchiveKey;
import dev.belay.activities.evidence.Evidence;
import dev.belay.twin.machine.Files;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A backup store that outlives the workers, in memory. */
final class TwinEvidence implements Evidence {

    private final Session session;

    TwinEvidence(Session session) {
        this.session = session;
    }

    @Override
    public Artifact store(String path, Source source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            source.writeTo(bytes);
        } catch (IOException broken) {
            throw new UncheckedIOException("cannot write " + path, broken);
        }
        byte[] content = bytes.toByteArray();
        session.act("store " + path, () -> store().put(path, content));
        return artifact(path, content);
    }

    @Override
    public List<Artifact> list(String prefix) {
        return session.look(() -> store().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> artifact(entry.getKey(), entry.getValue()))
                .toList());
    }

    @Override
    public Optional<byte[]> read(String path) {
        return session.look(() -> Optional.ofNullable(store().get(path)).map(byte[]::clone));
    }

    @Override
    public List<String> paths(String prefix) {
        return session.look(() -> store().keySet().stream()
                .filter(path -> path.startsWith(prefix))
                .toList());
    }

    @Override
    public Optional<InputStream> open(String path) {
        return read(path).map(ByteArrayInputStream::new);
    }

    @Override
    public void remove(String path) {
        session.act("remove " + path, () -> store().remove(path) != null, removed -> removed);
    }

    /** A rehearsal's private keys open nothing, and its store is forgotten with it. */
    @Override
    public Optional<ArchiveKey> key() {
        return Optional.empty();
    }

    @Override
    public String location() {
        return "the memory of this rehearsal";
    }

    private Map<String, byte[]> store() {
        return session.world().evidence();
    }

    private static Artifact artifact(String path, byte[] content) {
        return new Artifact(path, content.length, Files.sha256(content));
    }
}
