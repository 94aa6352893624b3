package dev.belay.activities.steps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Host;
import dev.belay.model.plan.Json;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What systemd would run as the unit of an external etcd, with all its drop-ins, whether it runs or not.
 *
 * @param argv as systemd has it: variables in it stand for those of the environment
 * @param environment {@code NAME=value}; files of it come after the unit's own lines, as with systemd
 * @param user as whom it runs
 */
public record EtcdUnitDefinition(Host host, List<String> argv, List<String> environment, String user) {

    private static final Duration READ = Duration.ofSeconds(30);
    private static final List<String> PROPERTIES = List.of("ExecStart", "Environment", "EnvironmentFiles", "User");
    private static final Pattern LINE = Pattern.compile("(?m)^\\s*([A-Za-z_]\\w*)=(.*?)\\s*$");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)}|(\\w+))");

    /** Reads it over systemd's bus, where the words of a command line stand apart. */
    public static EtcdUnitDefinition of(Host host) {
        List<String> argv = new ArrayList<>(List.of(
                "busctl",
                "--json=short",
                "get-property",
                "org.freedesktop.systemd1",
                "/org/freedesktop/systemd1/unit/etcd_2eservice",
                "org.freedesktop.systemd1.Service"));
        argv.addAll(PROPERTIES);
        String said = RootCommand.run(
                        host,
                        READ,
                        "`systemctl cat " + EtcdSettings.UNIT + "` on " + host.node(),
                        argv.toArray(String[]::new))
                .out();
        List<JsonNode> properties = said.lines().map(line -> data(host, line)).toList();
        if (properties.size() != PROPERTIES.size()
                || properties.get(0).path(0).path(1).isEmpty()) {
            throw unread(host, "it has no ExecStart");
        }
        Stream<String> own = texts(properties.get(1)).stream();
        Stream<String> files = StreamSupport.stream(properties.get(2).spliterator(), false)
                .flatMap(file -> variables(host, file.path(0).asText()));
        String user = properties.get(3).asText();
        return new EtcdUnitDefinition(
                host,
                texts(properties.get(0).path(0).path(1)),
                Stream.concat(own, files).toList(),
                user.isEmpty() ? "root" : user);
    }

    /** The words of its command line, variables put in. */
    public List<String> words() {
        Map<String, String> values = new TreeMap<>();
        environment.forEach(each -> values.put(each.split("=", 2)[0], each.split("=", 2)[1]));
        return argv.stream().flatMap(word -> words(word, values)).toList();
    }

    /**
     * A drop-in with which it joins others instead of beginning a cluster of its own, by its flags. Of flags that are given twice etcd takes the
     * last; a variable beside a flag of the same name would end it.
     *
     * @param members {@code name=url} of all
     */
    public String joining(String members) {
        return dropIn(List.of("--initial-cluster=" + members, "--initial-cluster-state=existing"));
    }

    /** The same by another configuration file, which {@link #joiningFile} makes. */
    public String joiningBy(String file) {
        return dropIn(List.of(EtcdSettings.CONFIG_FILE + "=" + file));
    }

    private String dropIn(List<String> flags) {
        String line = Stream.concat(argv.stream(), flags.stream())
                .map(EtcdUnitDefinition::quoted)
                .collect(Collectors.joining(" "));
        return "[Service]\nUnsetEnvironment=ETCD_INITIAL_CLUSTER ETCD_INITIAL_CLUSTER_STATE ETCD_CONFIG_FILE\n"
                + "ExecStart=\nExecStart=" + line + "\n";
    }

    /** Its configuration file as one joins with it. */
    public byte[] joiningFile(String path, String members) {
        byte[] content = host.read(path).orElseThrow(() -> unread(host, "there is no " + path));
        try {
            ObjectNode tree = Yaml.mapper().readValue(new String(content, StandardCharsets.UTF_8), ObjectNode.class);
            tree.put("initial-cluster", members).put("initial-cluster-state", "existing");
            return Yaml.mapper().writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw unread(host, path + ": " + e.getOriginalMessage());
        }
    }

    private static Stream<String> words(String word, Map<String, String> values) {
        Matcher whole = VARIABLE.matcher(word);
        if (whole.matches() && whole.group(2) != null) {
            return Stream.of(values.getOrDefault(whole.group(2), "").split("\\s+"))
                    .filter(part -> !part.isEmpty());
        }
        return Stream.of(VARIABLE.matcher(word)
                .replaceAll(found -> Matcher.quoteReplacement(
                        values.getOrDefault(found.group(1) == null ? found.group(2) : found.group(1), ""))));
    }

    private static Stream<String> variables(Host host, String path) {
        String text = host.read(path)
                .map(content -> new String(content, StandardCharsets.UTF_8))
                .orElse("");
        return LINE.matcher(text).results().map(line -> line.group(1) + "=" + unquoted(line.group(2)));
    }

    private static String unquoted(String value) {
        return value.replaceFirst("^([\"'])(.*)\\1$", "$2");
    }

    private static String quoted(String word) {
        return "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%") + "\"";
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static JsonNode data(Host host, String line) {
        try {
            return Json.mapper().readTree(line).path("data");
        } catch (JsonProcessingException e) {
            throw unread(host, e.getOriginalMessage());
        }
    }

    private static StepFailure unread(Host host, String why) {
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "ETCD_SETTINGS",
                host.node() + ": what systemd would run as " + EtcdSettings.UNIT + " cannot be read: " + why,
                "`systemctl cat " + EtcdSettings.UNIT + "` on " + host.node());
    }
}
