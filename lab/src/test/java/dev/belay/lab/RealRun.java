package dev.belay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One run on the real cluster as a person sees it: the command line, workers of their own, a Temporal server with a file, probes of the API. */
final class RealRun implements AutoCloseable {

    private static final Path TERMINAL = LabTools.ROOT.resolve("cli/src/test/resources/terminal.py");
    private static final String RUNBOOK = "runbooks/kubeadm-minor.yaml";

    private final Path dir;
    private final Path inventory = LabTools.inventory();
    private final Path temporal = LabTools.temporalBinary();
    private final int port = freePort();
    private final Map<String, String> env = new HashMap<>();
    private final KubernetesClient kube = kube(LabTools.home());
    private final ApiProbe probe;
    private final List<Program> programs = new ArrayList<>();
    private Program server;

    RealRun(Path dir) throws Exception {
        this.dir = dir;
        env.put("TEMPORAL_ADDRESS", "127.0.0.1:" + port);
        env.put("TEMPORAL_NAMESPACE", "belay");
        probe = new ApiProbe(URI.create(kube.getConfiguration().getMasterUrl()));
        server = startServer();
        await(
                "the Temporal server is set up",
                Duration.ofMinutes(1),
                () -> belay("setup").exit() == 0);
    }

    /** What a command left. */
    record Ran(int exit, String output) {}

    Ran belay(String... arguments) {
        try {
            Path output = Files.createTempFile(dir, "belay", ".out");
            ProcessBuilder builder = new ProcessBuilder(argv(arguments))
                    .directory(LabTools.ROOT.toFile())
                    .redirectError(dir.resolve("stderr.log").toFile())
                    .redirectOutput(output.toFile());
            builder.environment().putAll(env);
            int exit = builder.start().waitFor();
            return new Ran(exit, Files.readString(output));
        } catch (IOException | InterruptedException broken) {
            throw new AssertionError(broken);
        }
    }

    /** The same on a pseudo-terminal, on which somebody types; its output and errors as one looks at it. */
    Ran onTerminal(List<String> typed, String... arguments) {
        try {
            List<String> argv = new ArrayList<>(List.of("python3", TERMINAL.toString()));
            argv.addAll(typed);
            argv.add("--");
            argv.addAll(argv(arguments));
            ProcessBuilder builder =
                    new ProcessBuilder(argv).directory(LabTools.ROOT.toFile()).redirectErrorStream(true);
            builder.environment().putAll(env);
            builder.environment().put("TERM", "xterm");
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), output);
        } catch (IOException | InterruptedException broken) {
            throw new AssertionError(broken);
        }
    }

    /** What a verb prints with {@code -o json}: one document, true to its schema, whatever it ends with. */
    JsonNode document(String schema, String... arguments) {
        List<String> asked = new ArrayList<>(List.of(arguments));
        asked.addAll(List.of("-o", "json"));
        JsonNode document = json(belay(asked.toArray(String[]::new)).output());
        try {
            String text = Files.readString(LabTools.ROOT.resolve("docs/schema/" + schema + ".schema.json"));
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(text)
                            .validate(document))
                    .isEmpty();
            return document;
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    JsonNode plan(String to) {
        return document("run", "plan", RUNBOOK, "--cluster", inventory.toString(), "--to", to);
    }

    /** Asked whether to start, somebody says yes, looks for a moment, and leaves with Ctrl-C. */
    Ran startOnTerminal(String to) {
        return onTerminal(
                List.of("sees Start kubeadm-minor on", "types y", "sees RUNNING", "ctrl-c", "sees goes on without you"),
                "run",
                RUNBOOK,
                "--cluster",
                inventory.toString(),
                "--to",
                to);
    }

    Program watch() throws IOException {
        return inBackground("watch", "watch", "@latest");
    }

    Program worker(String name) throws IOException {
        return inBackground(name, "worker", "--cluster", inventory.toString());
    }

    Program climb(String to) throws IOException {
        return inBackground("run", "run", RUNBOOK, "--cluster", inventory.toString(), "--to", to, "--yes");
    }

    /** A maintenance run, started and followed by this command until it ends. */
    Program maintenance(String runbook, String... set) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run", runbook, "--cluster", inventory.toString(), "--yes"));
        for (String each : set) {
            arguments.addAll(List.of("--set", each));
        }
        return inBackground("maintenance", arguments.toArray(String[]::new));
    }

    private Program inBackground(String name, String... arguments) throws IOException {
        Program program = Program.start(dir.resolve(name + ".log"), env, argv(arguments));
        programs.add(program);
        return program;
    }

    private static List<String> argv(String... arguments) {
        List<String> argv =
                new ArrayList<>(List.of(LabTools.ROOT.resolve("belay").toString()));
        argv.addAll(List.of(arguments));
        return argv;
    }

    /** Stops the Temporal server in good order, waits, and starts it again on the same file. */
    void restartServer(Duration away) throws Exception {
        server.close();
        TimeUnit.MILLISECONDS.sleep(away.toMillis());
        server = startServer();
    }

    boolean serverRuns() {
        return server.isRunning();
    }

    private Program startServer() throws IOException {
        return Program.start(
                dir.resolve("temporal.log"),
                Map.of(),
                List.of(
                        temporal.toString(),
                        "server",
                        "start-dev",
                        "--headless",
                        "--ip",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--db-filename",
                        dir.resolve("temporal.db").toString(),
                        "--log-level",
                        "warn"));
    }

    void awaitStatus(String status) throws InterruptedException {
        await(status, Duration.ofMinutes(20), () -> status(view()).equals(status));
    }

    /** The newest run as it is shown; empty when there is none or the server is away. */
    JsonNode view() {
        Ran ran = belay("show", "@latest", "-o", "json");
        return json(ran.output().isBlank() ? "{}" : ran.output());
    }

    static String status(JsonNode view) {
        return view.path("status").asText();
    }

    /** The steps that changed something, in the order of the ledger, as {@code step node}. */
    static List<String> effects(JsonNode view) {
        List<String> steps = new ArrayList<>();
        view.path("effects")
                .forEach(effect -> steps.add(
                        effect.path("step").asText() + " " + effect.path("node").asText()));
        return steps;
    }

    List<String> kubelets() {
        return nodes().stream()
                .map(node -> node.getStatus().getNodeInfo().getKubeletVersion())
                .toList();
    }

    void makeNamespace(String name) {
        kube.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    /** Overwrites one large object until etcd finds no more room; its history fills the database. */
    void fillEtcd() {
        String large = "x".repeat(900_000);
        for (int more = 0; more < 200; more++) {
            try {
                kube.resource(new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName("flood")
                                .withNamespace("default")
                                .endMetadata()
                                .addToData("large", more + large)
                                .build())
                        .createOr(NonDeletingOperation::update);
            } catch (KubernetesClientException e) {
                if (String.valueOf(e.getMessage()).contains("database space exceeded")) {
                    return;
                }
                throw e;
            }
        }
        throw new AssertionError("etcd took 180 MB and is not full");
    }

    boolean takesWrites() {
        try {
            kube.resource(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withName("written")
                            .withNamespace("default")
                            .endMetadata()
                            .addToData("at", Instant.now().toString())
                            .build())
                    .createOr(NonDeletingOperation::update);
            return true;
        } catch (KubernetesClientException refused) {
            return false;
        }
    }

    boolean hasNamespace(String name) {
        return kube.namespaces().withName(name).get() != null;
    }

    List<Node> nodes() {
        return kube.nodes().list().getItems();
    }

    List<String> controlPlanes() {
        return nodes().stream()
                .filter(node -> node.getMetadata().getLabels().containsKey("node-role.kubernetes.io/control-plane"))
                .map(node -> node.getMetadata().getName())
                .sorted()
                .toList();
    }

    ApiProbe probe() {
        return probe;
    }

    static void await(String what, Duration limit, BooleanSupplier reached) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException malformed) {
            throw new AssertionError("not one JSON document: " + text, malformed);
        }
    }

    private static KubernetesClient kube(Path home) throws IOException {
        String kubeconfig = Files.readString(home.resolve("cluster/admin.conf"));
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig))
                .build();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws Exception {
        for (Program program : programs) {
            program.close();
        }
        server.close();
        probe.close();
        kube.close();
    }
}
