package dev.belay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole product on a real cluster: a climb of one minor, started and approved from the command line, its worker killed with SIGKILL
 * while {@code kubeadm upgrade apply} runs, and taken on by another.
 */
@Tag(LabTools.TAG)
class RealClimbTest {

    private static final String FROM = "v1.32.13";
    private static final String TO = "v1.33.13";

    @TempDir
    Path dir;

    private final Map<String, String> env = new HashMap<>();

    @Test
    void aMinorIsClimbedAndALostWorkerChangesNothing() throws Exception {
        Path inventory = LabTools.inventory();
        Path home = LabTools.home();
        Path temporal = LabTools.temporalBinary();
        int port = freePort();
        env.put("TEMPORAL_ADDRESS", "127.0.0.1:" + port);
        env.put("TEMPORAL_NAMESPACE", "belay");

        try (Program server = temporalServer(temporal, port);
                KubernetesClient kube = kube(home);
                ApiProbe probe = new ApiProbe(URI.create(kube.getConfiguration().getMasterUrl()))) {
            assertThat(kubelets(kube)).containsOnly(FROM);
            await(
                    "the Temporal server",
                    Duration.ofMinutes(1),
                    () -> belay("setup").exit() == 0);
            Program first = belayInBackground("worker-1", "worker", "--cluster", inventory.toString());
            Program run = belayInBackground(
                    "run",
                    List.of(
                                    "run",
                                    "runbooks/kubeadm-minor.yaml",
                                    "--cluster",
                                    inventory.toString(),
                                    "--to",
                                    TO,
                                    "--yes")
                            .toArray(String[]::new));

            awaitRun("an approval is awaited", state -> status(state).equals("AWAITING_APPROVAL"));
            assertThat(belay("approve", "@latest", "--reason", "the snapshot is there")
                            .exit())
                    .isZero();
            awaitRun("kubeadm upgrade apply runs", state -> stepState(state, "kubeadm.apply")
                    .equals("RUNNING"));
            await("kubeadm runs on the node", Duration.ofMinutes(3), () -> kubeadmRuns(home, inventory));
            first.kill();

            try (Program second = belayInBackground("worker-2", "worker", "--cluster", inventory.toString())) {
                int exit = run.exit(30);
                assertThat(exit).as(run.output() + second.output()).isZero();
            }

            assertThat(kubelets(kube)).containsOnly(TO);
            assertThat(kube.nodes().list().getItems())
                    .noneMatch(node -> Boolean.TRUE.equals(node.getSpec().getUnschedulable()));
            JsonNode view = json(belay("show", "@latest", "-o", "json").output());
            assertThat(view.path("status").asText()).isEqualTo("COMPLETED");
            assertThat(effects(view))
                    .filteredOn(step -> step.equals("lastApply"))
                    .hasSize(1);
            System.out.printf(
                    "[climb] %s -> %s: %d of %d probes of one a second failed (one control plane)%n",
                    FROM, TO, probe.failed(), probe.asked());
            assertThat(server.isRunning()).isTrue();
        }
    }

    private Program temporalServer(Path binary, int port) throws IOException {
        return Program.start(
                dir.resolve("temporal.log"),
                Map.of(),
                List.of(
                        binary.toString(),
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

    private static KubernetesClient kube(Path home) throws IOException {
        String kubeconfig = Files.readString(home.resolve("cluster/admin.conf"));
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig))
                .build();
    }

    private static List<String> kubelets(KubernetesClient kube) {
        return kube.nodes().list().getItems().stream()
                .map(RealClimbTest::kubelet)
                .toList();
    }

    private static String kubelet(Node node) {
        return node.getStatus().getNodeInfo().getKubeletVersion();
    }

    private static boolean kubeadmRuns(Path home, Path inventory) {
        try {
            Process ssh = new ProcessBuilder(
                            "ssh",
                            "-i",
                            home.resolve("ssh/id_ed25519").toString(),
                            "-o",
                            "UserKnownHostsFile=" + home.resolve("cluster/known_hosts"),
                            "ops@172.30.0.11",
                            "pgrep -f 'kubeadm upgrade apply'")
                    .redirectErrorStream(true)
                    .start();
            ssh.getInputStream().readAllBytes();
            return ssh.waitFor() == 0;
        } catch (IOException | InterruptedException notAnswered) {
            throw new AssertionError("cannot look at the node of " + inventory, notAnswered);
        }
    }

    private void awaitRun(String what, java.util.function.Predicate<JsonNode> reached) throws Exception {
        await(what, Duration.ofMinutes(10), () -> {
            Ran ran = belay("show", "@latest", "-o", "json");
            return !ran.output().isBlank() && ran.output().startsWith("{") && reached.test(json(ran.output()));
        });
    }

    private static String status(JsonNode view) {
        return view.path("status").asText();
    }

    private static String stepState(JsonNode view, String uses) {
        for (JsonNode step : view.path("steps")) {
            if (step.path("uses").asText().equals(uses)) {
                return step.path("state").asText();
            }
        }
        return "PENDING";
    }

    private static List<String> effects(JsonNode view) {
        List<String> steps = new ArrayList<>();
        view.path("effects").forEach(effect -> steps.add(effect.path("step").asText()));
        return steps;
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException malformed) {
            throw new AssertionError("not one JSON document: " + text, malformed);
        }
    }

    private Ran belay(String... arguments) {
        try {
            Path output = Files.createTempFile(dir, "belay", ".out");
            List<String> argv =
                    new ArrayList<>(List.of(LabTools.ROOT.resolve("belay").toString()));
            argv.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(argv)
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

    private Program belayInBackground(String name, String... arguments) throws IOException {
        List<String> argv =
                new ArrayList<>(List.of(LabTools.ROOT.resolve("belay").toString()));
        argv.addAll(List.of(arguments));
        return Program.start(dir.resolve(name + ".log"), env, argv);
    }

    private static void await(String what, Duration limit, BooleanSupplier reached) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(500);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private record Ran(int exit, String output) {}
}
