package dev.belay.model.kubernetes;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;

/** Reads the facts that are shipped with Belay. Strict: a key that is unknown, missing or written twice is an error in the file. */
public final class FactFiles {
    private static final YAMLMapper MAPPER = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final ObjectReader PARTIAL = MAPPER.reader()
            .without(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

    private FactFiles() {}

    /** One in which no key may be left out. */
    public static <T> T resource(String path, TypeReference<T> type) {
        return parse(path, content(path), type);
    }

    /** One in which keys may be left out; its type says which. */
    public static <T> T partial(String path, TypeReference<T> type) {
        return parse(path, content(path), PARTIAL, type);
    }

    private static byte[] content(String path) {
        try (InputStream file = FactFiles.class.getResourceAsStream(path)) {
            if (file == null) {
                throw new IllegalStateException("no " + path + " in this build of Belay");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + path, e);
        }
    }

    static <T> T parse(String name, byte[] content, TypeReference<T> type) {
        return parse(name, content, MAPPER.reader(), type);
    }

    private static <T> T parse(String name, byte[] content, ObjectReader reader, TypeReference<T> type) {
        try {
            return reader.forType(type).readValue(content);
        } catch (IOException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    static String sourced(String source, Object row) {
        if (source.isBlank()) {
            throw new IllegalArgumentException("no source for " + row);
        }
        return source;
    }
}
