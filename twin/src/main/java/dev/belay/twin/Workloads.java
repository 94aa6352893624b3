package dev.belay.twin;

import dev.belay.model.kubernetes.NodeRole;
import dev.belay.twin.kube.Api;
import dev.belay.twin.kube.Owner.Kind;
import dev.belay.twin.kube.PodTemplate;
import dev.belay.twin.release.Releases;
import java.util.Map;

/** What runs on the cluster: add-ons, an agent on every node, a shop with disruption budgets, a database that keeps its names. */
final class Workloads {

    private static final String REGISTRY = "registry.example/shop/";

    private final Api api;
    private final ClusterShape shape;
    private final int workers;

    Workloads(Api api, ClusterShape shape) {
        this.api = api;
        this.shape = shape;
        this.workers = Math.max(1, shape.inventory().hosts(NodeRole.WORKER).size());
    }

    void settle() {
        addOns();
        api.addSettled(
                Kind.DAEMON_SET,
                "monitoring",
                "agent",
                0,
                PodTemplate.of(app("agent"), REGISTRY + "agent:2.4").withEmptyDir());
        deployment("web", Math.max(2, workers), Math.max(1, workers / 4));
        deployment("api", 2, 1);
        int members = Math.min(3, workers);
        api.addSettled(Kind.STATEFUL_SET, "shop", "db", members, PodTemplate.of(app("db"), REGISTRY + "db:16.2"));
        budget("db", members, 1);
    }

    private void addOns() {
        PodTemplate proxy = PodTemplate.of(
                Map.of("k8s-app", "kube-proxy"),
                Releases.image("kube-proxy", shape.version(), Releases.repository(shape.version())));
        api.addSettled(Kind.DAEMON_SET, "kube-system", "kube-proxy", 0, proxy);
        PodTemplate dns = PodTemplate.of(Map.of("k8s-app", "kube-dns"), Releases.coreDnsImage(shape.version()))
                .onControlPlanesToo();
        api.addSettled(Kind.DEPLOYMENT, "kube-system", "coredns", 2, dns);
    }

    private void deployment(String name, int replicas, int maxUnavailable) {
        PodTemplate template = PodTemplate.of(app(name), REGISTRY + name + ":1.7.0");
        api.addSettled(Kind.DEPLOYMENT, "shop", name, replicas, template);
        budget(name, replicas, maxUnavailable);
    }

    /** With a single worker a budget that keeps a pod up could never be kept in a drain. */
    private void budget(String name, int replicas, int maxUnavailable) {
        api.budgets().add("shop", name, app(name), workers == 1 ? replicas : maxUnavailable);
    }

    private static Map<String, String> app(String name) {
        return Map.of("app", name);
    }
}
