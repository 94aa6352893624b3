package dev.belay.activities.steps.verify;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.steps.Await;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Short-lived pods that prove something on each node, in a namespace of this run and this step. It is deleted first, in case an earlier
 * attempt left it, and at the end whatever happens.
 */
final class ProbePods {

    /** Has sh, nslookup, wget and nc; the image of Kubernetes' own conformance tests. */
    static final String IMAGE = "registry.k8s.io/e2e-test-images/busybox:1.36.1-1";

    private static final Duration GONE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final StepContext context;
    private final String namespace;
    private final List<String> objects = new ArrayList<>();

    ProbePods(StepContext context) {
        this.context = context;
        this.namespace = context.mark() + "-" + context.call().step().toLowerCase(java.util.Locale.ROOT);
    }

    String namespace() {
        return namespace;
    }

    List<NodeName> nodes() {
        return context.kube().nodes().stream().map(KubeNode::name).toList();
    }

    /** Any other object of the namespace. */
    void add(String manifest) {
        objects.add(manifest);
    }

    /** A pod that runs a script on one node to its end; the script is ours, nothing of a runbook or inventory is in it. */
    void add(String name, NodeName node, String script) {
        objects.add("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s, labels: {app: belay-probe}}
                spec:
                  nodeName: %s
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 0
                  tolerations: [{operator: Exists}]
                  containers:
                    - name: probe
                      image: %s
                      command: [sh, -c, '%s']
                """.formatted(name, namespace, node, IMAGE, script));
    }

    /** Creates everything, waits until nothing is missing, and removes everything. */
    void prove(Duration limit, String code, String next) {
        remove();
        try {
            context.kube().apply(stream());
            new Await(context, limit, PAUSE, code, next).until(this::unfinished);
        } finally {
            remove();
        }
    }

    private List<String> unfinished() {
        List<String> missing = new ArrayList<>();
        List<KubePod> pods = context.kube().pods(namespace, Map.of());
        if (pods.isEmpty()) {
            missing.add("no probe pod is there yet");
        }
        for (KubePod pod : pods) {
            if (pod.phase().equals("Failed")) {
                throw failed(pod);
            }
            if (!pod.phase().equals("Succeeded") && !(pod.phase().equals("Running") && pod.ready() && !isProbe(pod))) {
                missing.add(
                        "pod " + pod + " on " + (pod.node().isEmpty() ? "no node" : pod.node()) + " is " + pod.phase());
            }
        }
        return missing;
    }

    private static boolean isProbe(KubePod pod) {
        return "belay-probe".equals(pod.labels().get("app"));
    }

    private StepFailure failed(KubePod pod) {
        return StepFailure.of(
                        FailureKind.PRECONDITION,
                        "PROBE_FAILED",
                        "the probe on " + pod.node() + " failed",
                        "look at the node's network, DNS and kube-proxy; `belay logs` has the probe's output")
                .withEvidence(context.kube().log(namespace, pod.name()));
    }

    private String stream() {
        List<String> all = new ArrayList<>(List.of(namespaceManifest()));
        all.addAll(objects);
        return String.join("---\n", all);
    }

    private String namespaceManifest() {
        return """
                apiVersion: v1
                kind: Namespace
                metadata: {name: %s, labels: {app.kubernetes.io/managed-by: belay}}
                """.formatted(namespace);
    }

    private void remove() {
        context.kube().delete(namespaceManifest(), GONE);
    }
}
