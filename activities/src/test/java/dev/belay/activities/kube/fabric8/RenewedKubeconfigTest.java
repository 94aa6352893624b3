package dev.belay.activities.kube.fabric8;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.StepFailure;
import dev.belay.activities.kube.fabric8.FakeApiServer.Asked;
import dev.belay.activities.kube.fabric8.FakeApiServer.Says;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kubeadm upgrade apply} renews the administrator's certificate while a worker talks with the old one. */
class RenewedKubeconfigTest {

    private static final String SYSTEM = "GET /api/v1/namespaces/kube-system";
    private static final Says FOUND = Says.ok("""
            {"kind":"Namespace","apiVersion":"v1","metadata":{"name":"kube-system","uid":"u-1"}}""");

    private final AtomicInteger reads = new AtomicInteger();
    private FakeApiServer server;
    private volatile Supplier<byte[]> content;

    @BeforeEach
    void start() throws IOException {
        server = new FakeApiServer().on(SYSTEM, FOUND);
        content = server::kubeconfig;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Fabric8Cluster connected(boolean always) {
        return new Fabric8Cluster(new KubeconfigSource(
                "file:admin.conf",
                () -> {
                    reads.incrementAndGet();
                    return content.get();
                },
                always));
    }

    @Test
    void aNewFileIsTakenAtTheNextQuestion() {
        try (Fabric8Cluster kube = connected(true)) {
            kube.uid();
            byte[] renewed = server.renewedKubeconfig();
            content = () -> renewed;
            kube.uid();
            kube.uid();
        }

        assertThat(server.asked.get(1).serial())
                .isNotEqualTo(server.asked.get(0).serial());
        assertThat(server.asked.get(2).serial()).isEqualTo(server.asked.get(1).serial());
    }

    @Test
    void theConnectionLastsAsLongAsTheContent() {
        try (Fabric8Cluster kube = connected(true)) {
            kube.uid();
            kube.uid();
            kube.uid();
        }

        assertThat(server.asked)
                .extracting(Asked::port)
                .hasSize(3)
                .containsOnly(server.asked.get(0).port());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40, 200, 2000})
    void aFileThatIsJustBeingWrittenChangesNothing(int written) {
        byte[] renewed = server.renewedKubeconfig();
        try (Fabric8Cluster kube = connected(true)) {
            kube.uid();
            content = () -> Arrays.copyOf(renewed, written);
            assertThat(kube.uid()).isEqualTo("u-1");
            content = () -> renewed;
            assertThat(kube.uid()).isEqualTo("u-1");
        }

        assertThat(server.asked.get(1).serial()).isEqualTo(server.asked.get(0).serial());
        assertThat(server.asked.get(2).serial())
                .isNotEqualTo(server.asked.get(0).serial());
    }

    @Test
    void aFileThatIsGoneForAMomentChangesNothing() {
        try (Fabric8Cluster kube = connected(true)) {
            content = () -> {
                throw StepFailure.of(FailureKind.PERMANENT, "REFERENCE_UNRESOLVED", "it is gone", "look");
            };

            assertThat(kube.uid()).isEqualTo("u-1");
        }
    }

    @Test
    void aFileThatLeadsToAnotherClusterIsRefusedAndAskedNothing() {
        try (Fabric8Cluster kube = connected(true)) {
            content = () -> server.kubeconfig("https://127.0.0.1:1");
            Failure moved = failsWith(FailureKind.TRANSIENT, "KUBECONFIG_CHANGED", kube::uid);
            content = server::kubeconfigOfAnotherCluster;
            failsWith(FailureKind.TRANSIENT, "KUBECONFIG_CHANGED", kube::nodes);
            content = server::kubeconfig;

            assertThat(kube.uid()).isEqualTo("u-1");
            assertThat(moved.why()).contains("file:admin.conf", "127.0.0.1:1", "127.0.0.1:" + server.port());
        }
        assertThat(server.asked).hasSize(1);
    }

    @Test
    void whatIsWorkToReadIsReadAgainOnlyWhenTheApiNoLongerKnowsUs() {
        server.on(SYSTEM, FOUND, Says.status(401, "Unauthorized", "Unauthorized"), FOUND);
        try (Fabric8Cluster kube = connected(false)) {
            kube.uid();
            byte[] renewed = server.renewedKubeconfig();
            content = () -> renewed;
            failsWith(FailureKind.TRANSIENT, "API_FORBIDDEN", kube::uid);
            assertThat(reads).hasValue(1);

            kube.uid();

            assertThat(reads).hasValue(2);
        }
        assertThat(server.asked.get(2).serial())
                .isNotEqualTo(server.asked.get(0).serial());
    }

    @Test
    void aFirstFileThatIsNoneIsSaidToBe() {
        content = () -> "none".getBytes(StandardCharsets.UTF_8);

        failsWith(FailureKind.PERMANENT, "KUBECONFIG_UNUSABLE", () -> connected(true));
    }
}
