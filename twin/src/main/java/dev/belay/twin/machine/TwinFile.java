package dev.belay.twin.machine;

import dev.belay.activities.host.FileAttributes;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** A file, made when it is first read; or a symbolic link. */
final class TwinFile {

    private final FileAttributes attributes;
    private final String link;
    private Supplier<byte[]> source;

    private TwinFile(Supplier<byte[]> source, FileAttributes attributes, String link) {
        this.source = source;
        this.attributes = attributes;
        this.link = link;
    }

    static TwinFile of(byte[] content, FileAttributes attributes) {
        byte[] own = content.clone();
        return new TwinFile(() -> own, attributes, "");
    }

    static TwinFile later(Supplier<String> text, FileAttributes attributes) {
        return new TwinFile(() -> text.get().getBytes(StandardCharsets.UTF_8), attributes, "");
    }

    static TwinFile linkTo(String target) {
        return new TwinFile(() -> new byte[0], new FileAttributes(0777, 0, 0), target);
    }

    byte[] content() {
        byte[] made = source.get();
        source = () -> made;
        return made;
    }

    FileAttributes attributes() {
        return attributes;
    }

    String link() {
        return link;
    }
}
