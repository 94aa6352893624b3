package dev.belay.activities.evidence;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.activities.evidence.Evidence.Artifact;
import dev.belay.activities.fake.FakeEvidence;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The S3 store against moto's server: {@code pip install 'moto[server]'}, on PATH or in {@code MOTO_SERVER}. */
class S3EvidenceTest {

    private static final Duration STARTING = Duration.ofSeconds(60);

    private static Process server;
    private static String endpoint;
    private static S3Evidence evidence;

    @BeforeAll
    static void startMoto() throws Exception {
        Optional<Path> program = program();
        assumeTrue(
                program.isPresent(), "no moto_server on PATH nor in MOTO_SERVER; pip install 'moto[server]' brings it");
        int port = freePort();
        endpoint = "http://127.0.0.1:" + port;
        server = new ProcessBuilder(program.get().toString(), "-H", "127.0.0.1", "-p", String.valueOf(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        awaitPort(port);
        MinioClient client = MinioClient.builder()
                .endpoint(endpoint)
                .credentials("key", "secret-of-test")
                .build();
        client.makeBucket(MakeBucketArgs.builder().bucket("backups").build());
        evidence = store("backups");
    }

    @AfterAll
    static void endMoto() {
        if (server != null) {
            server.destroyForcibly();
        }
    }

    @Test
    void whatIsStoredCanBeListedReadAndRemoved() {
        Artifact stored = evidence.store("a/run-1/x.json", sink -> sink.write(bytes("hello")));

        assertThat(stored).isEqualTo(new Artifact("a/run-1/x.json", 5, FakeEvidence.sha256(bytes("hello"))));
        assertThat(evidence.list("a/")).containsExactly(stored);
        assertThat(evidence.paths("a/")).containsExactly("a/run-1/x.json");
        assertThat(evidence.read("a/run-1/x.json")).hasValue(bytes("hello"));
        assertThat(evidence.read("a/run-1/y.json")).isEmpty();
        evidence.remove("a/run-1/x.json");
        evidence.remove("a/run-1/x.json");
        assertThat(evidence.paths("a/")).isEmpty();
    }

    @Test
    void aLargeArtefactGoesInPartsAndComesBackWhole() throws IOException {
        byte[] large = new byte[23_000_001];
        new Random(1).nextBytes(large);

        Artifact stored = evidence.store("large/db", sink -> {
            for (int at = 0; at < large.length; at += 32_768) {
                sink.write(large, at, Math.min(32_768, large.length - at));
            }
        });

        assertThat(stored).isEqualTo(new Artifact("large/db", large.length, FakeEvidence.sha256(large)));
        try (var stream = evidence.open("large/db").orElseThrow()) {
            assertThat(Arrays.equals(stream.readAllBytes(), large)).isTrue();
        }
        failsWith(FailureKind.PERMANENT, "EVIDENCE_TOO_LARGE", () -> evidence.read("large/db"));
    }

    @Test
    void whatBreaksOffIsNotSeenAndTheFormerOneStays() {
        evidence.store("broken/db", sink -> sink.write(bytes("former")));

        Failure failure = failsWith(
                FailureKind.TRANSIENT,
                "EVIDENCE_UNREACHABLE",
                () -> evidence.store("broken/db", sink -> {
                    sink.write(bytes("half"));
                    throw new IOException("etcd went away");
                }));

        assertThat(failure.why()).contains("etcd went away");
        assertThat(evidence.read("broken/db")).hasValue(bytes("former"));
    }

    @Test
    void aBucketThatIsNotThereIsNamedAndNoSecretIs() {
        Failure failure = failsWith(FailureKind.PRECONDITION, "EVIDENCE_UNUSABLE", () -> store("nowhere")
                .store("a/b", sink -> sink.write(bytes("x"))));

        assertThat(failure.why()).contains("nowhere", "NoSuchBucket").doesNotContain("secret-of-test");
    }

    @Test
    void aStoreThatIsSilentMayHeal() throws IOException {
        S3Evidence silent = new S3Evidence(
                BucketAddress.of("http://127.0.0.1:" + freePort() + "/backups"),
                "us-east-1",
                "k",
                "s",
                Optional.empty());

        failsWith(FailureKind.TRANSIENT, "EVIDENCE_UNREACHABLE", () -> silent.paths("a/"));
    }

    @Test
    void aPathThatLeadsElsewhereIsRefused() {
        failsWith(FailureKind.PERMANENT, "EVIDENCE_PATH", () -> evidence.read("../other/db"));
    }

    @Test
    void twoPrefixesOfOneBucketDoNotSeeEachOther() {
        S3Evidence other = new S3Evidence(
                BucketAddress.of(endpoint + "/backups/elsewhere"), "", "key", "secret-of-test", Optional.empty());
        other.store("b/x", sink -> sink.write(bytes("x")));

        assertThat(evidence.paths("b/")).isEmpty();
        assertThat(other.paths("")).containsExactly("b/x");
    }

    private static S3Evidence store(String bucket) {
        return new S3Evidence(
                BucketAddress.of(endpoint + "/" + bucket + "/folder"), "", "key", "secret-of-test", Optional.empty());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<Path> program() {
        String named = System.getenv("MOTO_SERVER");
        if (named != null && !named.isEmpty()) {
            return Optional.of(Path.of(named)).filter(Files::isExecutable);
        }
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "moto_server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitPort(int port) throws IOException {
        Instant end = Instant.now().plus(STARTING);
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (ConnectException notYet) {
                if (Instant.now().isAfter(end)) {
                    throw notYet;
                }
                Thread.onSpinWait();
            }
        }
    }
}
