package dev.belay.activities.kube.fabric8;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.belay.activities.kube.ApiServerHealth;
import dev.belay.activities.kube.Eviction;
import dev.belay.activities.kube.Eviction.Answer;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.kube.Workload;
import dev.belay.activities.kube.fabric8.FakeApiServer.Asked;
import dev.belay.activities.kube.fabric8.FakeApiServer.Says;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a real cluster cannot be made to say at will: each answer of an API server, and the lack of one. */
class Fabric8ClusterTest extends OnFakeApi {

    @Test
    void longListsComeInPages() {
        server.on("GET /api/v1/pods", Says.ok("""
                        {"kind":"PodList","apiVersion":"v1","metadata":{"continue":"next-7"},"items":[%s]}""".formatted(podJson("web", "b"))), Says.ok("""
                        {"kind":"PodList","apiVersion":"v1","metadata":{},"items":[%s]}""".formatted(
                        podJson("web", "a"))));

        List<KubePod> pods = kube.podsOn(new NodeName("w1"));

        assertThat(pods).extracting(KubePod::name).containsExactly("a", "b");
        assertThat(server.asked).hasSize(2).allSatisfy(page -> assertThat(page.query())
                .contains("fieldSelector=spec.nodeName=w1", "limit=500"));
        assertThat(server.asked.get(1).query()).contains("continue=next-7");
    }

    @Test
    void aKubeletOfNoReleaseIsNamed() {
        server.on(NODES, Says.ok(nodes("v1.33.13-rc.1")));

        Failure failure = failsWith(FailureKind.PERMANENT, "VERSION_UNREADABLE", () -> kube.nodes());

        assertThat(failure.why()).contains("kubelet of cp1", "v1.33.13-rc.1");
    }

    @Test
    void anEvictionSendsTheUidAndIsAskedOnce() {
        server.on(EVICT, Says.code(201, "{\"kind\":\"Status\",\"status\":\"Success\",\"code\":201}"));

        assertThat(kube.evict(pod()).answer()).isEqualTo(Answer.ACCEPTED);

        assertThat(server.asked).singleElement().satisfies(asked -> assertThat(asked.body())
                .contains("\"policy/v1\"", "\"Eviction\"", "\"uid\":\"uid-1\""));
    }

    @Test
    void aBlockedEvictionTellsTheBudgetAndHonoursRetryAfter() {
        server.on(EVICT, Says.code(429, """
                                {"kind":"Status","status":"Failure","message":"Cannot evict pod as it would violate the pod's disruption budget.",
                                 "reason":"TooManyRequests","code":429,"details":{"causes":[
                                   {"reason":"DisruptionBudget","message":"The disruption budget shop needs 2 healthy pods and has 2 currently"}]}}""").with("Retry-After", "7"));

        Eviction eviction = kube.evict(pod());

        assertThat(eviction.answer()).isEqualTo(Answer.BLOCKED);
        assertThat(eviction.message()).contains("The disruption budget shop needs 2 healthy pods and has 2 currently");
        assertThat(eviction.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(server.asked).hasSize(1);
    }

    @Test
    void anOverloadedServerBlocksAnEvictionInItsOwnWords() {
        server.on(
                EVICT,
                Says.code(429, "Too many requests, please try again later.\n").with("Retry-After", "1"));

        Eviction eviction = kube.evict(pod());

        assertThat(eviction)
                .isEqualTo(new Eviction(
                        Answer.BLOCKED, "Too many requests, please try again later.", Duration.ofSeconds(1)));
    }

    @Test
    void severalBudgetsAreAMisconfigurationAndAnyOther500IsTrouble() {
        server.on(
                EVICT,
                Says.status(500, "", "This pod has more than one PodDisruptionBudget, which the eviction subresource"),
                Says.status(500, "InternalError", "etcdserver: leader changed"));

        assertThat(kube.evict(pod()).answer()).isEqualTo(Answer.MISCONFIGURED);
        Failure failure = failsWith(FailureKind.TRANSIENT, "API_UNAVAILABLE", () -> kube.evict(pod()));
        assertThat(failure.why()).contains("evict web/shop-1", "leader changed");
    }

    @Test
    void aTerminatingNamespaceIsAConflictAndAnyOther403IsForbidden() {
        server.on(EVICT, Says.code(403, """
                        {"kind":"Status","status":"Failure","message":"pods \\"shop-1\\" is forbidden","reason":"Forbidden","code":403,
                         "details":{"causes":[{"reason":"NamespaceTerminating","message":"namespace web is being terminated"}]}}"""), Says.status(403, "Forbidden", "pods/eviction is forbidden"));

        assertThat(kube.evict(pod()).answer()).isEqualTo(Answer.CONFLICT);
        failsWith(FailureKind.TRANSIENT, "API_FORBIDDEN", () -> kube.evict(pod()));
    }

    @Test
    void theAnswers404And409AreTheDrainsToJudge() {
        server.on(EVICT, Says.status(404, "NotFound", "gone"), Says.status(409, "Conflict", "another UID"));

        assertThat(kube.evict(pod()).answer()).isEqualTo(Answer.GONE);
        assertThat(kube.evict(pod())).isEqualTo(new Eviction(Answer.CONFLICT, "another UID", Duration.ZERO));
    }

    @Test
    void aCordonCarriesTheVersionItLookedAt() {
        server.on(NODE, Says.ok(node("v1.33.13", "", "41"))).on(PATCH, Says.ok(node("v1.33.13", "", "42")));

        assertThat(kube.cordon(CP1, "belay-1")).isTrue();

        assertThat(last().body())
                .contains(
                        "\"resourceVersion\":\"41\"",
                        "\"belay.dev/cordoned-by\":\"belay-1\"",
                        "\"unschedulable\":true");
    }

    @Test
    void aCordonBySomeoneElseInBetweenIsNotClaimed() {
        server.on(NODE, Says.ok(node("v1.33.13", "", "41")), Says.ok(node("v1.33.13", "\"unschedulable\":true", "43")))
                .on(PATCH, Says.status(409, "Conflict", "the object has been modified"));

        assertThat(kube.cordon(CP1, "belay-1")).isFalse();

        assertThat(server.asked).extracting(Asked::line).containsExactly(NODE, PATCH, NODE);
    }

    @Test
    void aNodeThatKeepsChangingIsLeftToTheNextAttempt() {
        server.on(NODE, Says.ok(node("v1.33.13", "", "41")))
                .on(PATCH, Says.status(409, "Conflict", "the object has been modified"));

        failsWith(FailureKind.TRANSIENT, "API_CONFLICT", () -> kube.cordon(CP1, "belay-1"));

        assertThat(server.asked).hasSize(10);
    }

    @Test
    void theSecondToTakeTheLockSeesTheFirst() {
        server.on(
                        "GET " + LEASE + "/belay",
                        Says.status(404, "NotFound", "leases \\\"belay\\\" not found"),
                        Says.ok(lease("belay-first")))
                .on("POST " + LEASE, Says.status(409, "AlreadyExists", "leases \\\"belay\\\" already exists"));

        assertThat(kube.acquireLease("belay-second", "run second")).contains("belay-first");
    }

    @Test
    void aLeaseWithoutAHolderIsTakenAtTheVersionLookedAt() {
        server.on("GET " + LEASE + "/belay", Says.ok(lease("")))
                .on("PUT " + LEASE + "/belay", Says.ok(lease("belay-second")));

        assertThat(kube.acquireLease("belay-second", "run second")).isEmpty();

        assertThat(last().body())
                .contains("\"resourceVersion\":\"9\"", "\"holderIdentity\":\"belay-second\"", "\"run second\"");
    }

    @Test
    void anApiServerThatIsNotReadyTellsWhatFails() {
        server.on(NODE, Says.ok(node("v1.33.13", "", "41")))
                .on("GET /version", Says.ok("{\"major\":\"1\",\"minor\":\"34\",\"gitVersion\":\"v1.34.4\"}"))
                .on(
                        "GET /readyz",
                        Says.code(
                                500,
                                "[+]ping ok\n[-]etcd failed: reason withheld\n[-]shutdown failed: reason withheld\nreadyz check failed\n"));

        ApiServerHealth health = kube.apiServer(CP1);

        assertThat(health.version()).contains(KubernetesVersion.parse("v1.34.4"));
        assertThat(health.ready()).isFalse();
        assertThat(health.detail()).isEqualTo("etcd failed: reason withheld; shutdown failed: reason withheld");
        assertThat(last().query()).isEqualTo("verbose");
    }

    @Test
    void anApiServerOfNoReleaseIsNamed() {
        server.on(NODE, Says.ok(node("v1.33.13", "", "41")))
                .on("GET /version", Says.ok("{\"gitVersion\":\"v1.33.5-eks-113cf36\"}"))
                .on("GET /readyz", Says.code(200, "ok"));

        Failure failure = failsWith(FailureKind.PERMANENT, "VERSION_UNREADABLE", () -> kube.apiServer(CP1));

        assertThat(failure.why()).contains("API server of cp1", "v1.33.5-eks-113cf36");
    }

    @Test
    void anApiServerThatTurnsUsAwayIsAFailure() {
        server.on(NODE, Says.ok(node("v1.33.13", "", "41")))
                .on("GET /version", Says.status(401, "Unauthorized", "Unauthorized"));

        failsWith(FailureKind.TRANSIENT, "API_FORBIDDEN", () -> kube.apiServer(CP1));
    }

    @Test
    void anApiServerWhoseAddressWasNeverReadIsAway() {
        server.on(NODE, Says.status(503, "ServiceUnavailable", "no backend"));

        ApiServerHealth health = kube.apiServer(CP1);

        assertThat(health.version()).isEmpty();
        assertThat(health.ready()).isFalse();
    }

    @Test
    void anApiServerIsStillAskedByTheAddressItHadWhenTheLoadBalancerFails() {
        server.on(NODE, Says.ok(node("v1.33.13", "", "41")), Says.status(503, "ServiceUnavailable", "no backend"))
                .on("GET /version", Says.ok("{\"gitVersion\":\"v1.33.13\"}"))
                .on("GET /readyz", Says.code(200, "readyz check passed"));

        assertThat(kube.apiServer(CP1).ready()).isTrue();
        assertThat(kube.apiServer(CP1)).isEqualTo(kube.apiServer(CP1));
        assertThat(kube.apiServer(CP1).ready()).isTrue();
    }

    @Test
    void podsKeptBackOnPurposeCountAsUpdated() {
        server.on("GET /apis/apps/v1/deployments", Says.ok(list("DeploymentList", "")))
                .on("GET /apis/apps/v1/statefulsets", Says.ok(list("StatefulSetList", """
                                        {"metadata":{"namespace":"db","name":"canary","generation":2},
                                         "spec":{"replicas":5,"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":3}}},
                                         "status":{"observedGeneration":2,"readyReplicas":5,"updatedReplicas":2}},
                                        {"metadata":{"namespace":"db","name":"rolling","generation":2},
                                         "spec":{"replicas":5,"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":0}}},
                                         "status":{"observedGeneration":2,"readyReplicas":5,"updatedReplicas":2}}""")))
                .on("GET /apis/apps/v1/daemonsets", Says.ok(list("DaemonSetList", """
                                        {"metadata":{"namespace":"net","name":"byhand","generation":3},
                                         "spec":{"updateStrategy":{"type":"OnDelete"}},
                                         "status":{"observedGeneration":3,"desiredNumberScheduled":4,"numberReady":4,"updatedNumberScheduled":1}},
                                        {"metadata":{"namespace":"net","name":"unseen","generation":4},"spec":{},
                                         "status":{"observedGeneration":3,"desiredNumberScheduled":4,"numberReady":4,"updatedNumberScheduled":4}}""")));

        assertThat(kube.workloads())
                .extracting(Workload::toString, Workload::available)
                .containsExactly(
                        tuple("db/StatefulSet/canary", true),
                        tuple("db/StatefulSet/rolling", false),
                        tuple("net/DaemonSet/byhand", true),
                        tuple("net/DaemonSet/unseen", false));
    }

    @Test
    void ofSeveralDefaultStorageClassesTheNewestCounts() {
        String form = """
                {"metadata":{"name":"%s","creationTimestamp":"%s","annotations":{"storageclass.kubernetes.io/is-default-class":"%s"}}}""";
        server.on(
                "GET /apis/storage.k8s.io/v1/storageclasses",
                Says.ok(list(
                        "StorageClassList",
                        form.formatted("new", "2026-02-01T00:00:00Z", "true") + ","
                                + form.formatted("old", "2026-01-01T00:00:00Z", "true") + ","
                                + form.formatted("other", "2026-03-01T00:00:00Z", "false"))),
                Says.ok(list("StorageClassList", form.formatted("other", "2026-03-01T00:00:00Z", "false"))));

        assertThat(kube.defaultStorageClass()).contains("new");
        assertThat(kube.defaultStorageClass()).isEmpty();
    }

    @Test
    void aContainerThatHasNotStartedHasNoLogYet() {
        server.on(
                "GET /api/v1/namespaces/web/pods/shop-1/log",
                Says.status(
                        400,
                        "BadRequest",
                        "container \\\"c\\\" in pod \\\"shop-1\\\" is waiting to start: ContainerCreating"),
                Says.status(400, "BadRequest", "a container name must be specified for pod shop-1"),
                Says.code(200, "hello\nworld\n"));

        assertThat(kube.log("web", "shop-1")).isEmpty();
        failsWith(FailureKind.PERMANENT, "API_REFUSED", () -> kube.log("web", "shop-1"));
        assertThat(kube.log("web", "shop-1")).isEqualTo("hello\nworld\n");
    }

    @Test
    void whatComesInNamesStaysInItsPlaceInThePath() {
        kube.log("web/../../secrets", "a?b&c=d#e");

        assertThat(last().path()).isEqualTo("/api/v1/namespaces/web/../../secrets/pods/a?b&c=d#e/log");
        assertThat(last().query()).startsWith("limitBytes=");
    }
}
