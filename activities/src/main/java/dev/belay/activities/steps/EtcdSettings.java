package dev.belay.activities.steps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.StaticPods.StaticPod;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one member of etcd was told, by the names of its flags: those of its static pod's manifest, or of an external etcd those of the process
 * that systemd runs. etcd takes a flag before its variable in the environment, and a configuration file before both
 * (https://etcd.io/docs/v3.5/op-guide/configuration).
 *
 * @param flags {@code --data-dir} and others that say where a member's data, addresses and certificates are; no other is kept
 */
public record EtcdSettings(NodeName node, Map<String, String> flags) {

    /** How systemd must call an external etcd. */
    public static final String UNIT = "etcd.service";

    /** The failure of a unit that does not run. */
    public static final String STOPPED = "ETCD_STOPPED";

    private static final Duration READ = Duration.ofSeconds(30);
    static final String CONFIG_FILE = "--config-file";
    private static final String VARIABLE = "ETCD_";
    /** Under these the configuration file has the names of certificates without a prefix. */
    private static final Map<String, String> TLS =
            Map.of("client-transport-security", "--", "peer-transport-security", "--peer-");

    private static final List<String> CERTIFICATES =
            List.of("--trusted-ca-file", "--cert-file", "--peer-trusted-ca-file", "--peer-cert-file");
    private static final List<String> KEYS = List.of("--key-file", "--peer-key-file");
    private static final List<String> KNOWN = List.of(
            "--name",
            "--data-dir",
            "--wal-dir",
            "--listen-client-urls",
            "--advertise-client-urls",
            "--initial-advertise-peer-urls",
            "--quota-backend-bytes",
            CONFIG_FILE);

    public EtcdSettings {
        flags = new TreeMap<>(flags);
        flags.keySet().removeIf(name -> !KNOWN.contains(name) && !CERTIFICATES.contains(name) && !KEYS.contains(name));
    }

    /** Of the member on a host; empty where there is no static pod of etcd. Fails where the unit of an external etcd does not run. */
    public static Optional<EtcdSettings> of(Cluster inventory, Host host) {
        return isExternal(inventory, host.node())
                ? Optional.of(ofUnit(host))
                : StaticPods.of(host).pod("etcd").map(pod -> of(host.node(), pod));
    }

    /** Of the process that systemd runs. */
    public static EtcdSettings ofUnit(Host host) {
        String pid = said(host, "systemctl", "show", "--property=MainPID", "--value", UNIT)
                .strip();
        if (!pid.matches("[1-9]\\d*")) {
            throw StepFailure.of(
                    FailureKind.TRANSIENT,
                    STOPPED,
                    host.node() + ": systemd runs no " + UNIT,
                    "`systemctl status " + UNIT + "` on " + host.node() + "; start it, then retry");
        }
        return whole(host, running(host, "/proc/" + pid + "/"));
    }

    /** Of what systemd would run, whether it does or not. */
    public static EtcdSettings of(EtcdUnitDefinition unit) {
        return whole(unit.host(), told(unit.host(), unit.environment(), unit.words()));
    }

    /** Of a static pod. */
    public static EtcdSettings of(NodeName node, StaticPod pod) {
        return new EtcdSettings(node, words(pod.flags()));
    }

    /** Says whether systemd runs this member. */
    public static boolean isExternal(Cluster inventory, NodeName node) {
        return inventory.host(node).filter(host -> host.role() == NodeRole.ETCD).isPresent();
    }

    /** The value of a flag. */
    public Optional<String> flag(String name) {
        return Optional.ofNullable(flags.get(name));
    }

    /** Its configuration file; beside it etcd looks at no flag. */
    public Optional<String> configurationFile() {
        return flag(CONFIG_FILE);
    }

    /** Files with its certificates and those of its authorities. */
    public List<String> certificates() {
        return CERTIFICATES.stream()
                .flatMap(name -> flag(name).stream())
                .distinct()
                .toList();
    }

    /** Files with its private keys. */
    public List<String> keys() {
        return KEYS.stream().flatMap(name -> flag(name).stream()).distinct().toList();
    }

    private static EtcdSettings running(Host host, String process) {
        return told(host, nulls(said(host, "cat", process + "environ")), nulls(said(host, "cat", process + "cmdline")));
    }

    private static EtcdSettings told(Host host, List<String> environment, List<String> argv) {
        Map<String, String> flags = new TreeMap<>();
        environment.forEach(variable -> variable(variable, flags));
        flags.putAll(words(argv.subList(Math.min(1, argv.size()), argv.size())));
        Optional.ofNullable(flags.get(CONFIG_FILE)).ifPresent(path -> file(host, path, flags));
        return new EtcdSettings(host.node(), flags);
    }

    /** Where a member's data lie must be known for certain before anything is taken from there. */
    private static EtcdSettings whole(Host host, EtcdSettings settings) {
        String data = settings.needed(host, "--data-dir");
        String name = settings.needed(host, "--name");
        settings.needed(host, "--initial-advertise-peer-urls");
        if (!data.startsWith("/")) {
            throw unfit(host, "etcd's --data-dir is " + data, "make it an absolute path");
        }
        if (!name.equals(host.node().value())) {
            throw unfit(
                    host,
                    "the member there calls itself " + name,
                    "write that name as `node` of this host into the inventory");
        }
        return settings;
    }

    private String needed(Host host, String name) {
        return flag(name)
                .orElseThrow(() -> unfit(
                        host,
                        UNIT + " gives its main process no " + name
                                + " among its flags, in its environment or its configuration file",
                        "set it there; the unit must run etcd itself, not a program that starts it"));
    }

    private static StepFailure unfit(Host host, String why, String next) {
        return StepFailure.of(FailureKind.PRECONDITION, "ETCD_SETTINGS", host.node() + ": " + why, next);
    }

    private static void variable(String text, Map<String, String> flags) {
        int at = text.indexOf('=');
        if (at > 0 && text.startsWith(VARIABLE)) {
            String name = text.substring(VARIABLE.length(), at)
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '-');
            flags.put("--" + name, text.substring(at + 1));
        }
    }

    /** {@code --name=value}, {@code --name value}, and both with one dash. */
    private static Map<String, String> words(List<String> words) {
        Map<String, String> flags = new TreeMap<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i).replaceFirst("^--?(?=[a-z])", "--");
            int at = word.indexOf('=');
            if (!word.startsWith("--")) {
                continue;
            }
            if (at > 0) {
                flags.put(word.substring(0, at), word.substring(at + 1));
            } else if (i + 1 < words.size() && !words.get(i + 1).startsWith("-")) {
                flags.put(word, words.get(i + 1));
            }
        }
        return flags;
    }

    /** etcd reads nothing else where it is given a configuration file. */
    private static void file(Host host, String path, Map<String, String> flags) {
        String text = host.read(path)
                .map(content -> new String(content, StandardCharsets.UTF_8))
                .orElse("");
        flags.clear();
        flags.put(CONFIG_FILE, path);
        try {
            JsonNode tree = Yaml.mapper().readTree(text);
            scalars(tree, "--", flags);
            TLS.forEach((section, prefix) -> scalars(tree.path(section), prefix, flags));
        } catch (JsonProcessingException e) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "ETCD_SETTINGS",
                    host.node() + ": " + path + " cannot be read: " + e.getOriginalMessage(),
                    "look at the configuration file of " + UNIT);
        }
    }

    private static void scalars(JsonNode tree, String prefix, Map<String, String> flags) {
        tree.properties().forEach(field -> {
            if (field.getValue().isValueNode()) {
                flags.put(prefix + field.getKey(), field.getValue().asText());
            }
        });
    }

    private static List<String> nulls(String text) {
        List<String> parts = new ArrayList<>(List.of(text.split("\0", -1)));
        parts.removeIf(String::isEmpty);
        return parts;
    }

    private static String said(Host host, String... argv) {
        return RootCommand.run(host, READ, "run it by hand on " + host.node(), argv)
                .out();
    }
}
