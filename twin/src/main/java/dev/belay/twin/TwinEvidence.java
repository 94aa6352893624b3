package dev.belay.twin;

import dev.belay.activities.evidence.Evidence;
import dev.belay.twin.machine.Files;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
