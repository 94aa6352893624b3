package dev.belay.twin;

import dev.belay.activities.StepFailure;
import dev.belay.activities.kube.ApiServerHealth;
import dev.belay.activities.kube.DisruptionBudget;
import dev.belay.activities.kube.Eviction;
import dev.belay.activities.kube.FullEtcd;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.kube.Workload;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import dev.belay.twin.kube.Api;
import dev.belay.twin.kube.ApiNode;
import dev.belay.twin.kube.Manifests;
import dev.belay.twin.kube.Refused;
import dev.belay.twin.kube.Unreadable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The simulated cluster's API, through its load balancer. */
final class TwinKube implements KubeCluster {

    private static final Duration POLL = Duration.ofSeconds(1);

    private final Session session;

    TwinKube(Session session) {
        this.session = session;
    }

    @Override
    public String uid() {
        return ask(Api::uid);
    }

    @Override
    public List<KubeNode> nodes() {
        return ask(Api::nodes);
    }

    @Override
    public Optional<KubeNode> node(NodeName name) {
        return ask(api -> api.seen(name));
    }

    @Override
    public ApiServerHealth apiServer(NodeName controlPlane) {
        return session.look(() -> session.world().api().health(controlPlane));
    }

    @Override
    public boolean cordon(NodeName node, String mark) {
        return change("cordon " + node, api -> api.cordon(known(api, node), mark), changed -> changed);
    }

    @Override
    public boolean uncordon(NodeName node, String mark) {
        return change("uncordon " + node, api -> api.uncordon(known(api, node), mark), changed -> changed);
    }

    @Override
    public List<KubePod> podsOn(NodeName node) {
        return ask(api -> api.podsOn(node));
    }

    @Override
    public List<KubePod> pods(String namespace, Map<String, String> labels) {
        return ask(api -> api.pods(namespace, labels));
    }

    @Override
    public Eviction evict(KubePod pod) {
        return change(
                "evict " + pod,
                api -> api.evictions().evict(pod),
                eviction -> eviction.answer() == Eviction.Answer.ACCEPTED);
    }

    @Override
    public List<Workload> workloads() {
        return ask(Api::workloads);
    }

    @Override
    public List<DisruptionBudget> disruptionBudgets() {
        return ask(api -> api.budgets().seen());
    }

    @Override
    public Optional<Map<String, String>> configMap(String namespace, String name) {
        return ask(api -> api.configMap(namespace, name));
    }

    @Override
    public List<String> pendingSigningRequests() {
        return ask(api -> session.world().signingRequests().pending());
    }

    @Override
    public Optional<String> defaultStorageClass() {
        return ask(Api::storageClass);
    }

    @Override
    public void apply(String manifests) {
        change("apply " + names(manifests), api -> session.world().manifests().apply(manifests), changed -> changed);
    }

    @Override
    public void delete(String manifests, Duration timeout) {
        change("delete " + names(manifests), api -> session.world().manifests().delete(manifests), changed -> changed);
        Instant end = session.clock().now().plus(timeout);
        List<String> left = left(manifests);
        while (!left.isEmpty()) {
            if (!session.clock().now().isBefore(end)) {
                throw StepFailure.of(
                        FailureKind.TRANSIENT,
                        "STILL_THERE",
                        "not gone after " + timeout.toSeconds() + " s: " + String.join(", ", left),
                        "look for finalizers on what is left");
            }
            session.clock().sleep(POLL);
            left = left(manifests);
        }
    }

    private List<String> left(String manifests) {
        return ask(api -> session.world().manifests().left(manifests));
    }

    private static String names(String manifests) {
        return refused("read manifests", () -> Manifests.names(manifests));
    }

    @Override
    public String log(String namespace, String pod) {
        return ask(api -> api.log(namespace, pod));
    }

    @Override
    public Optional<String> acquireLease(String holder, String note) {
        return change("lease " + holder, api -> session.world().lock().acquire(holder), other -> other.isEmpty());
    }

    @Override
    public void releaseLease(String holder) {
        change("release " + holder, api -> session.world().lock().release(holder), released -> released);
    }

    private <T> T ask(Function<Api, T> question) {
        return session.look(() -> {
            mustAnswer("ask");
            return question.apply(session.world().api());
        });
    }

    private <T> T change(String what, Function<Api, T> change, Predicate<T> changed) {
        return session.act(
                what,
                () -> {
                    mustAnswer(what);
                    if (!session.world().etcd().space().alarms().isEmpty()) {
                        throw FullEtcd.refused("the API", what, "500 " + FullEtcd.WORDS);
                    }
                    return refused(what, () -> change.apply(session.world().api()));
                },
                changed);
    }

    private void mustAnswer(String what) {
        if (!session.world().api().servers().available()) {
            throw unavailable(what, "connection refused");
        }
    }

    private static ApiNode known(Api api, NodeName name) {
        return api.node(name).orElseThrow(() -> new Refused("404 nodes \"" + name + "\" not found"));
    }

    private static <T> T refused(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (Refused refused) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "API_REFUSED",
                    "the API refused \"" + what + "\": " + refused.getMessage(),
                    "correct what the message names, then retry the step");
        } catch (Unreadable unreadable) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "MANIFEST_UNREADABLE",
                    "the manifests are no stream of Kubernetes objects: " + unreadable.getMessage(),
                    "each document needs apiVersion, kind and metadata.name");
        }
    }

    private static StepFailure unavailable(String what, String why) {
        return StepFailure.of(
                FailureKind.TRANSIENT,
                "API_UNAVAILABLE",
                "the API gave no usable answer to \"" + what + "\": " + why,
                "look at the load balancer and the kube-apiserver pods of the control planes");
    }
}
