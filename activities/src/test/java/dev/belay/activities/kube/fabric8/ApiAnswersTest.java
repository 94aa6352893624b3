package dev.belay.activities.kube.fabric8;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.kube.fabric8.FakeApiServer.Asked;
import dev.belay.activities.kube.fabric8.FakeApiServer.Says;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way in which an API server refuses, breaks off or is not there. */
class ApiAnswersTest extends OnFakeApi {

    @ParameterizedTest
    @CsvSource({
        "400, PERMANENT, API_REFUSED",
        "401, TRANSIENT, API_FORBIDDEN",
        "403, TRANSIENT, API_FORBIDDEN",
        "405, PERMANENT, API_REFUSED",
        "409, TRANSIENT, API_CONFLICT",
        "410, TRANSIENT, API_UNAVAILABLE",
        "422, PERMANENT, API_REFUSED",
        "429, TRANSIENT, API_UNAVAILABLE",
        "500, TRANSIENT, API_UNAVAILABLE",
        "502, TRANSIENT, API_UNAVAILABLE",
        "503, TRANSIENT, API_UNAVAILABLE",
        "504, TRANSIENT, API_UNAVAILABLE"
    })
    void eachRefusalHasItsKindTheServersWordsAndIsAskedOnce(int code, FailureKind kind, String name) {
        server.on(NODES, Says.status(code, "Whatever", "because of the moon").with("Retry-After", "1"));

        Failure failure = failsWith(kind, name, () -> kube.nodes());

        assertThat(failure.why()).contains("list nodes", "because of the moon", "127.0.0.1:" + server.port());
        assertThat(failure.next()).isNotBlank();
        assertThat(server.asked).extracting(Asked::line).containsExactly(NODES);
    }

    @Test
    void aServerThatStartsTurnsAwayAndThenAnswers() {
        server.on(
                NODES,
                Says.status(
                        403, "Forbidden", "nodes is forbidden: User \\\"admin\\\" cannot list resource \\\"nodes\\\""),
                Says.status(401, "Unauthorized", "Unauthorized"),
                Says.status(500, "InternalError", "etcdserver: leader changed"),
                Says.status(504, "Timeout", "etcdserver: request timed out"),
                Says.ok(nodes("v1.33.13")));

        Failure turnedAway = failsWith(FailureKind.TRANSIENT, "API_FORBIDDEN", () -> kube.nodes());
        failsWith(FailureKind.TRANSIENT, "API_FORBIDDEN", () -> kube.nodes());
        failsWith(FailureKind.TRANSIENT, "API_UNAVAILABLE", () -> kube.nodes());
        failsWith(FailureKind.TRANSIENT, "API_UNAVAILABLE", () -> kube.nodes());

        assertThat(turnedAway.why()).contains("cannot list resource \"nodes\"");
        assertThat(kube.nodes()).hasSize(1);
    }

    @Test
    void aFullEtcdIsNotWaitedForAndSaysWhatToDo() {
        server.on(NODES, Says.status(500, "InternalError", "etcdserver: mvcc: database space exceeded"));

        Failure full = failsWith(FailureKind.PRECONDITION, "ETCD_FULL", () -> kube.nodes());

        assertThat(full.why()).contains("takes no write", "database space exceeded");
        assertThat(full.next()).contains("docs/operations.md", "then retry");
    }

    @Test
    void aServerThatBreaksOffTheHandshakeGivesNoAnswer() throws Exception {
        try (ServerSocket broken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Fabric8Cluster cut = new Fabric8Cluster(
                        given(server.kubeconfig("https://127.0.0.1:" + broken.getLocalPort())), 6443, PATIENT)) {
            CompletableFuture<Void> hangsUp = CompletableFuture.runAsync(() -> hangUp(broken));

            failsWith(FailureKind.TRANSIENT, "API_UNAVAILABLE", cut::uid);

            hangsUp.get();
        }
    }

    @Test
    void anHtmlPageOfALoadBalancerIsNoAnswerOfTheApi() {
        server.on(NODES, Says.code(503, "<html><body><h1>503 Service Unavailable</h1></body></html>"));

        failsWith(FailureKind.TRANSIENT, "API_UNAVAILABLE", () -> kube.nodes());
    }

    @Test
    void anAnswerCutShortIsNoAnswer() {
        server.on(NODES, Says.ok(nodes("v1.33.13")).cutShort());

        failsWith(FailureKind.TRANSIENT, "API_UNAVAILABLE", () -> kube.nodes());
    }

    @Test
    void anAnswerThatNeverEndsIsGivenUp() {
        server.on(NODES, Says.ok(nodes("v1.33.13")).neverFinished());

        try (Fabric8Cluster hasty = within(HASTY)) {
            failsWith(FailureKind.TRANSIENT, "API_UNAVAILABLE", hasty::nodes);
        }
    }

    @Test
    void anEvictionWhoseAnswerNeverEndsIsGivenUp() {
        server.on(EVICT, Says.status(429, "TooManyRequests", "wait").neverFinished());

        try (Fabric8Cluster hasty = within(HASTY)) {
            failsWith(FailureKind.TRANSIENT, "API_UNAVAILABLE", () -> hasty.evict(pod()));
        }
    }

    @Test
    void aServerThatAcceptsAndSaysNothingIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Fabric8Cluster deaf = new Fabric8Cluster(
                        given(server.kubeconfig("https://127.0.0.1:" + silent.getLocalPort())), 6443, HASTY)) {
            failsWith(FailureKind.TRANSIENT, "API_UNAVAILABLE", deaf::uid);
        }
    }

    @Test
    void nobodyListeningIsSaidPlainly() throws IOException {
        server.close();

        Failure failure = failsWith(FailureKind.TRANSIENT, "API_UNAVAILABLE", () -> kube.uid());

        assertThat(failure.why()).contains("connection refused");
    }

    @Test
    void anotherClustersApiIsNotTrusted() {
        try (Fabric8Cluster other = new Fabric8Cluster(given(server.kubeconfigOfAnotherCluster()))) {
            Failure failure = failsWith(FailureKind.PERMANENT, "API_UNTRUSTED", other::uid);

            assertThat(failure.why()).contains("is not the one this kubeconfig trusts");
            assertThat(server.asked).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "a: [",
                "{}",
                "kind: Config\nclusters: []\n",
                "current-context: x\ncontexts: [{name: x, context: {cluster: nobody, user: nobody}}]\n",
                "current-context: y\ncontexts: [{name: x, context: {cluster: a, user: b}}]\n",
                "current-context: x\ncontexts: [{name: x, context: {cluster: a}}]\nclusters: [{name: a, cluster: {server: 'https://h ost'}}]\n",
                "current-context: x\ncontexts: [{name: x, context: {cluster: a}}]\nclusters: [{name: a, cluster: {server: 'https://h', certificate-authority-data: Zm9v}}]\n",
                "current-context: x\ncontexts: [{name: x, context: {cluster: a}}]\nclusters: [{name: a, cluster: {server: 'https://h', insecure-skip-tls-verify: true}}]\n"
            })
    void aKubeconfigThatCannotBeUsedIsNamed(String content) {
        Failure failure = failsWith(
                FailureKind.PERMANENT,
                "KUBECONFIG_UNUSABLE",
                () -> new Fabric8Cluster(new KubeconfigSource(
                        "file:${HOME}/conf", () -> content.getBytes(StandardCharsets.UTF_8), true)));

        assertThat(failure.why())
                .contains("file:${HOME}/conf cannot be used")
                .doesNotContain("Exception", "io.fabric8");
    }
}
