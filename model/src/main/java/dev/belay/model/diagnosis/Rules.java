package dev.belay.model.diagnosis;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The catalogue that is shipped: one rule a file, with samples that its test holds it to.
 *
 * @param causes of failures
 * @param harmless messages that look bad and mean nothing
 */
public record Rules(List<Rule> causes, List<Rule> harmless) {

    private static final String FOLDER = "/diagnosis/";
    private static final YAMLMapper MAPPER = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private record Index(List<String> causes, List<String> harmless) {}

    /** Reads all of them. */
    public static Rules shipped() {
        Index index = read("index", Index.class);
        return new Rules(
                index.causes().stream().map(id -> rule("causes/", id)).toList(),
                index.harmless().stream().map(id -> rule("harmless/", id)).toList());
    }

    private static Rule rule(String folder, String id) {
        return read(folder + id, Rule.Written.class).as(id, folder.equals("causes/"));
    }

    private static <T> T read(String name, Class<T> type) {
        String path = FOLDER + name + ".yaml";
        try (InputStream file = Rules.class.getResourceAsStream(path)) {
            if (file == null) {
                throw new IllegalStateException("no " + path + " in this build of Belay");
            }
            return MAPPER.readValue(file, type);
        } catch (IOException e) {
            throw new IllegalStateException(path + ": " + e.getMessage(), e);
        }
    }
}
