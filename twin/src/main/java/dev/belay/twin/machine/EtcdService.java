package dev.belay.twin.machine;

import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.FileEntry;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Json;
import dev.belay.twin.machine.Components.Wanted;
import dev.belay.twin.time.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The unit {@code etcd.service} of a host of external etcd: one process by the settings in {@code /etc/default/etcd}, enabled, so that it starts
 * with the host. It does not start where a drop-in asks for a path that is not there, once systemd has read that drop-in.
 */
public final class EtcdService {

    public static final String SETTINGS = "/etc/default/etcd";
    public static final String DATA = "/var/lib/etcd/default";

    static final String UNIT = "etcd.service";
    static final String DROP_INS = "/etc/systemd/system/etcd.service.d";

    private static final String ETCD = "etcd";
    private static final Duration STARTING = Duration.ofSeconds(2);
    private static final Pattern CONDITION = Pattern.compile("(?m)^ConditionPathExists=(\\S+)$");
    private static final Pattern COMMAND = Pattern.compile("(?m)^ExecStart=(\".*)$");
    private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern UNSET = Pattern.compile("(?m)^UnsetEnvironment=(.*)$");
    private static final List<String> PROGRAM = List.of("/usr/local/bin/etcd");
    private static final int NOT_RUNNING = 3;

    private final NodeName node;
    private final Files files;
    private final VirtualTime time;
    private final Components components;
    private Optional<String> version = Optional.empty();
    private List<String> conditions = List.of();
    private List<String> unset = List.of();
    private List<String> argv = PROGRAM;
    private List<String> environment = List.of();
    private int pid;
    private int lastPid = 700;

    EtcdService(NodeName node, Files files, VirtualTime time, Components components) {
        this.node = node;
        this.files = files;
        this.time = time;
        this.components = components;
    }

    /** Its program is there, and it runs already, as on a host that has stood for a while. */
    public void settle(String program) {
        version = Optional.of(program);
        environment = settings();
        pid = ++lastPid;
        components.started(wanted(program));
    }

    /** Somebody puts programs of another version in their place; what runs goes on. */
    public void install(String program) {
        version = Optional.of(program);
    }

    public boolean isRunning() {
        return pid != 0;
    }

    /** The version of etcd's programs on the host; empty where there are none. */
    public Optional<String> version() {
        return version;
    }

    void boot() {
        reload();
        start();
    }

    void die() {
        if (isRunning()) {
            pid = 0;
            components.stopped(node.value(), ETCD);
        }
    }

    /** Systemd reads its files. */
    void reload() {
        conditions = dropIns(CONDITION);
        unset = dropIns(UNSET).stream()
                .flatMap(names -> Stream.of(names.split(" ")))
                .toList();
        argv = dropIns(COMMAND).stream()
                .reduce((one, later) -> later)
                .map(EtcdService::words)
                .orElse(PROGRAM);
    }

    private List<String> dropIns(Pattern setting) {
        return files.list(List.of(DROP_INS)).stream()
                .map(FileEntry::path)
                .flatMap(path -> setting.matcher(files.text(path).orElse("")).results())
                .map(found -> found.group(1))
                .toList();
    }

    private static List<String> words(String line) {
        return WORD.matcher(line)
                .results()
                .map(word -> word.group(1).replace("%%", "%").replaceAll("\\\\(.)", "$1"))
                .toList();
    }

    /** The unit as systemd's bus tells it: its command, own variables, files of variables, and user. */
    Optional<CommandOutput> busctl(List<String> command) {
        String wanted = "busctl --json=short get-property org.freedesktop.systemd1"
                + " /org/freedesktop/systemd1/unit/etcd_2eservice org.freedesktop.systemd1.Service"
                + " ExecStart Environment EnvironmentFiles User";
        if (version.isEmpty() || !String.join(" ", command).equals(wanted)) {
            return Optional.empty();
        }
        String words = Json.mapper().valueToTree(argv).toString();
        return Optional.of(said("{\"type\":\"a(sasbttttuii)\",\"data\":[[\"" + argv.get(0) + "\"," + words
                + ",false,0,0,0,0,0,0,0]]}\n{\"type\":\"as\",\"data\":[]}\n{\"type\":\"a(sb)\",\"data\":[[\""
                + SETTINGS
                + "\",true]]}\n{\"type\":\"s\",\"data\":\"etcd\"}\n"));
    }

    /** One {@code systemctl} of this unit; empty for any other. */
    Optional<CommandOutput> systemctl(List<String> argv, boolean root) {
        if (version.isEmpty()) {
            return Optional.empty();
        }
        return switch (String.join(" ", argv.subList(1, argv.size()))) {
            case "is-active " + UNIT -> {
                String state = isRunning() ? "active" : "inactive";
                yield Optional.of(new CommandOutput(isRunning() ? 0 : NOT_RUNNING, state + "\n", ""));
            }
            case "show --property=MainPID --value " + UNIT -> Optional.of(said(pid + "\n"));
            case "stop " + UNIT -> Optional.of(root ? did(this::die) : denied());
            case "start --no-block " + UNIT -> Optional.of(root ? did(this::start) : denied());
            default -> Optional.empty();
        };
    }

    /** What the kernel tells of the process; empty for another path. */
    Optional<CommandOutput> proc(String path) {
        if (!isRunning()) {
            return Optional.empty();
        }
        if (path.equals("/proc/" + pid + "/cmdline")) {
            return Optional.of(said(argv.stream().collect(Collectors.joining("\0", "", "\0"))));
        }
        return path.equals("/proc/" + pid + "/environ")
                ? Optional.of(
                        said("PATH=/usr/bin\0" + environment.stream().collect(Collectors.joining("\0", "", "\0"))))
                : Optional.empty();
    }

    private void start() {
        boolean met = conditions.stream().allMatch(path -> files.exists(path) || files.isFolder(path));
        if (version.isEmpty() || isRunning() || !met) {
            return;
        }
        environment = settings();
        Wanted wanted = wanted(version.get());
        if (isShadowed(wanted)) {
            return;
        }
        if (components.refuses(wanted).isEmpty()) {
            int mine = ++lastPid;
            pid = mine;
            time.after(STARTING, () -> serve(mine, wanted));
        }
    }

    /** etcd ends where a variable and a flag of its command line have one name. */
    private static boolean isShadowed(Wanted wanted) {
        List<String> names =
                wanted.arguments().stream().map(flag -> flag.split("=", 2)[0]).toList();
        return names.stream().distinct().count() < names.size();
    }

    private void serve(int mine, Wanted wanted) {
        if (pid == mine) {
            components.started(wanted);
        }
    }

    private Wanted wanted(String program) {
        List<String> flags = new ArrayList<>();
        for (String setting : environment) {
            int at = setting.indexOf('=');
            String name = setting.substring("ETCD_".length(), at)
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '-');
            flags.add("--" + name + setting.substring(at));
        }
        flags.addAll(argv.subList(1, argv.size()));
        return new Wanted(node, ETCD, "etcd:" + program, flags, files);
    }

    private List<String> settings() {
        Matcher lines = Pattern.compile("(?m)^ETCD_\\w+=.*$")
                .matcher(files.text(SETTINGS).orElse(""));
        return lines.results()
                .map(found -> found.group())
                .filter(line -> !unset.contains(line.split("=", 2)[0]))
                .toList();
    }

    /** As an administrator has written them. */
    public static byte[] settings(NodeName node, String address, String peers) {
        String client = "https://" + address + ":2379";
        String peer = "https://" + address + ":2380";
        String pki = "/etc/etcd/pki/";
        String text = "ETCD_NAME=" + node + "\nETCD_DATA_DIR=" + DATA + "\nETCD_LISTEN_CLIENT_URLS=" + client
                + ",https://127.0.0.1:2379\nETCD_ADVERTISE_CLIENT_URLS=" + client + "\nETCD_LISTEN_PEER_URLS=" + peer
                + "\nETCD_INITIAL_ADVERTISE_PEER_URLS=" + peer + "\nETCD_INITIAL_CLUSTER=" + peers
                + "\nETCD_CERT_FILE=" + pki + "server.crt\nETCD_KEY_FILE=" + pki + "server.key\nETCD_TRUSTED_CA_FILE="
                + pki + "ca.crt\nETCD_CLIENT_CERT_AUTH=true\nETCD_PEER_CERT_FILE=" + pki
                + "peer.crt\nETCD_PEER_KEY_FILE=" + pki + "peer.key\nETCD_PEER_TRUSTED_CA_FILE=" + pki + "ca.crt\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static CommandOutput did(Runnable what) {
        what.run();
        return said("");
    }

    private static CommandOutput said(String out) {
        return new CommandOutput(0, out, "");
    }

    private static CommandOutput denied() {
        return new CommandOutput(1, "", "Failed to execute operation: Interactive authentication required.\n");
    }
}
