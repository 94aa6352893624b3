package dev.belay.activities.kube.fabric8;

import dev.belay.activities.StepFailure;
import dev.belay.activities.kube.ApiServerHealth;
import dev.belay.activities.kube.DisruptionBudget;
import dev.belay.activities.kube.Eviction;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.kube.Workload;
import dev.belay.activities.kube.fabric8.RawApi.Reply;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@link KubeCluster} on fabric8 with the JDK's HTTP client. Each method is one question or one change, asked once: repeating is the
 * engine's business. Lists come in pages. Every answer has a deadline, its body included.
 */
public final class Fabric8Cluster implements KubeCluster, AutoCloseable {

    private static final int API_SERVER_PORT = 6443;
    private static final long PAGE = 500;
    private static final int LOG_LIMIT = 1 << 20;
    private static final Duration REQUEST = Duration.ofSeconds(20);
    private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

    private final CurrentApi api;
    private final int apiServerPort;
    private final Map<NodeName, String> addresses = new ConcurrentHashMap<>();

    /** Connects on the first call, and follows what the source says. */
    public Fabric8Cluster(KubeconfigSource source) {
        this(source, API_SERVER_PORT, REQUEST);
    }

    Fabric8Cluster(KubeconfigSource source, int apiServerPort, Duration request) {
        this.api = new CurrentApi(source, request);
        this.apiServerPort = apiServerPort;
    }

    private KubernetesClient client() {
        return api.get().client();
    }

    private ApiErrors errors() {
        return api.get().errors();
    }

    private RawApi raw() {
        return api.get().raw();
    }

    @Override
    public String uid() {
        return ask("read namespace kube-system", () -> {
            Namespace system = client().namespaces().withName("kube-system").get();
            if (system == null) {
                throw errors().refused("read namespace kube-system", 404, "namespaces \"kube-system\" not found");
            }
            return system.getMetadata().getUid();
        });
    }

    @Override
    public List<KubeNode> nodes() {
        return ask("list nodes", () -> paged(page -> client().nodes().list(page))
                .map(FromApi::node)
                .sorted(Comparator.comparing(KubeNode::name))
                .toList());
    }

    @Override
    public Optional<KubeNode> node(NodeName name) {
        return ask("read node " + name, () -> Optional.ofNullable(
                        client().nodes().withName(name.value()).get())
                .map(FromApi::node));
    }

    @Override
    public ApiServerHealth apiServer(NodeName controlPlane) {
        Optional<String> address = address(controlPlane);
        if (address.isEmpty()) {
            return ApiServerProbe.away(
                    "the API server of " + controlPlane, "its address is in the API, and no API server answers");
        }
        return new ApiServerProbe(raw(), errors(), client()).look(controlPlane.value(), address.get(), apiServerPort);
    }

    /** The node's InternalIP: as the API says, else as it said last; empty when it never did and gives no answer now. */
    private Optional<String> address(NodeName name) {
        try {
            KubeNode node = node(name)
                    .orElseThrow(() -> errors().refused("read node " + name, 404, "nodes \"" + name + "\" not found"));
            addresses.put(name, node.internalIp());
        } catch (StepFailure e) {
            if (e.failure().kind() != FailureKind.TRANSIENT) {
                throw e;
            }
        }
        return Optional.ofNullable(addresses.get(name));
    }

    @Override
    public boolean cordon(NodeName node, String mark) {
        return ask("cordon " + node, () -> new Cordons(client(), raw(), errors()).cordon(node, mark));
    }

    @Override
    public boolean uncordon(NodeName node, String mark) {
        return ask("uncordon " + node, () -> new Cordons(client(), raw(), errors()).uncordon(node, mark));
    }

    @Override
    public List<KubePod> podsOn(NodeName node) {
        return ask("list pods on " + node, () -> paged(page -> client().pods()
                        .inAnyNamespace()
                        .withField("spec.nodeName", node.value())
                        .list(page))
                .map(FromApi::pod)
                .sorted(Comparator.comparing(KubePod::namespace).thenComparing(KubePod::name))
                .toList());
    }

    @Override
    public List<KubePod> pods(String namespace, Map<String, String> labels) {
        return ask("list pods of " + namespace, () -> paged(page -> client().pods()
                        .inNamespace(namespace)
                        .withLabels(labels)
                        .list(page))
                .map(FromApi::pod)
                .sorted(Comparator.comparing(KubePod::name))
                .toList());
    }

    @Override
    public Eviction evict(KubePod pod) {
        return new Evictions(raw(), errors()).evict(pod);
    }

    @Override
    public List<Workload> workloads() {
        return ask("list workloads", () -> Stream.of(deployments(), statefulSets(), daemonSets())
                .flatMap(each -> each)
                .sorted(Comparator.comparing(Workload::namespace)
                        .thenComparing(Workload::kind)
                        .thenComparing(Workload::name))
                .toList());
    }

    private Stream<Workload> deployments() {
        return paged(page -> client().apps().deployments().inAnyNamespace().list(page))
                .map(Workloads::of);
    }

    private Stream<Workload> statefulSets() {
        return paged(page -> client().apps().statefulSets().inAnyNamespace().list(page))
                .map(Workloads::of);
    }

    private Stream<Workload> daemonSets() {
        return paged(page -> client().apps().daemonSets().inAnyNamespace().list(page))
                .map(Workloads::of);
    }

    @Override
    public List<DisruptionBudget> disruptionBudgets() {
        return ask("list disruption budgets", () -> paged(page -> client().policy()
                        .v1()
                        .podDisruptionBudget()
                        .inAnyNamespace()
                        .list(page))
                .map(FromApi::budget)
                .sorted(Comparator.comparing(DisruptionBudget::namespace).thenComparing(DisruptionBudget::name))
                .toList());
    }

    @Override
    public Optional<Map<String, String>> configMap(String namespace, String name) {
        return ask("read configmap " + namespace + "/" + name, () -> Optional.ofNullable(client().configMaps()
                        .inNamespace(namespace)
                        .withName(name)
                        .get())
                .map(ConfigMap::getData)
                .map(FromApi::orEmpty));
    }

    @Override
    public List<String> pendingSigningRequests() {
        return ask("list certificate signing requests", () -> paged(page -> client().certificates()
                        .v1()
                        .certificateSigningRequests()
                        .list(page))
                .filter(Fabric8Cluster::isPending)
                .map(each -> each.getMetadata().getName() + " ("
                        + each.getSpec().getUsername() + ", " + each.getSpec().getSignerName() + ")")
                .sorted()
                .toList());
    }

    private static boolean isPending(CertificateSigningRequest request) {
        return request.getStatus() == null
                || request.getStatus().getConditions() == null
                || request.getStatus().getConditions().isEmpty();
    }

    @Override
    public Optional<String> defaultStorageClass() {
        return ask("list storage classes", () -> paged(
                        page -> client().storage().v1().storageClasses().list(page))
                .filter(Fabric8Cluster::isDefault)
                .max(Comparator.comparing(each -> each.getMetadata().getCreationTimestamp()))
                .map(each -> each.getMetadata().getName()));
    }

    private static boolean isDefault(StorageClass storage) {
        return "true"
                .equals(FromApi.orEmpty(storage.getMetadata().getAnnotations()).get(DEFAULT_CLASS));
    }

    @Override
    public void apply(String manifests) {
        new Manifests(client(), errors()).apply(manifests);
    }

    @Override
    public void delete(String manifests, Duration timeout) {
        new Manifests(client(), errors()).delete(manifests, timeout);
    }

    @Override
    public String log(String namespace, String pod) {
        String call = "read the log of " + namespace + "/" + pod;
        Reply reply = raw().get(
                        call,
                        "/api/v1/namespaces/" + RawApi.segment(namespace) + "/pods/" + RawApi.segment(pod)
                                + "/log?limitBytes=" + LOG_LIMIT);
        if (reply.ok()) {
            return reply.body();
        }
        String message = ApiErrors.messageOf(reply.status(), "");
        if (reply.code() == 404 || (reply.code() == 400 && message.contains("waiting to start"))) {
            return "";
        }
        throw errors().ofAnswer(call, reply.code(), message);
    }

    @Override
    public Optional<String> acquireLease(String holder, String note) {
        return ask("take the lease kube-system/belay", () -> new ClusterLease(client(), errors(), Clock.systemUTC())
                .acquire(holder, note));
    }

    @Override
    public void releaseLease(String holder) {
        ask("give back the lease kube-system/belay", () -> {
            new ClusterLease(client(), errors(), Clock.systemUTC()).release(holder);
            return holder;
        });
    }

    @Override
    public void close() {
        api.close();
    }

    private <T> T ask(String call, Supplier<T> question) {
        try {
            return question.get();
        } catch (KubernetesClientException | CancellationException e) {
            throw errors().of(call, e);
        }
    }

    private static <T extends HasMetadata> Stream<T> paged(
            Function<ListOptions, ? extends KubernetesResourceList<T>> list) {
        List<T> all = new ArrayList<>();
        String next = null;
        do {
            KubernetesResourceList<T> page = list.apply(options(next));
            all.addAll(page.getItems());
            next = page.getMetadata() == null ? null : page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        return all.stream();
    }

    private static ListOptions options(@Nullable String next) {
        return new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
    }
}
