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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Short-lived pods that prove something on each node, in a namespace of this run and this step. It is deleted first, in case an earlier
 * attempt left it, and at the end whatever happens.
 */
final class ProbePods {

    /** Has sh, nslookup, wget and nc; the image of Kubernetes' own conformance tests. */
    static final String IMAGE = "registry.k8s.io/e2e-test-images/busybox:1.36.1-1";

    private static final int LABEL = 63;
    private static final Duration GONE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final StepContext context;
    private final String namespace;
    private final List<String> objects = new ArrayList<>();
    private final Set<String> awaited = new TreeSet<>();
    private final List<String> deployments = new ArrayList<>();

    ProbePods(StepContext context) {
        this.context = context;
        String step = context.call().step().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String name = context.mark() + "-" + step;
        this.namespace = name.substring(0, Math.min(LABEL, name.length())).replaceAll("-+$", "");
    }

    String namespace() {
        return namespace;
    }

    List<NodeName> nodes() {
        return context.kube().nodes().stream().map(KubeNode::name).toList();
    }

    /** An object of the namespace that nobody waits for. */
    void add(String manifest) {
        objects.add(manifest);
    }

    /** A Deployment that must become available. */
    void addDeployment(String name, String manifest) {
        deployments.add(name);
        objects.add(manifest);
    }

    /** A pod, written by the caller, that runs to its end. */
    void addPod(String name, String manifest) {
        awaited.add(name);
        objects.add(manifest);
    }

    /** A pod that runs a script on one node to its end; the script is ours, nothing of a runbook or inventory is in it. */
    void add(String name, NodeName node, String script) {
        addPod(name, """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s, labels: {app: belay-probe}}
                spec:
                  serviceAccountName: probe
                  automountServiceAccountToken: false
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
        } catch (RuntimeException e) {
            removeAfter(e);
            throw e;
        }
        remove();
    }

    /** What went wrong first is what a person must read. */
    private void removeAfter(RuntimeException failure) {
        try {
            remove();
        } catch (StepFailure e) {
            failure.addSuppressed(e);
        }
    }

    /** Takes away what an attempt left behind. */
    String undo() {
        remove();
        return "namespace " + namespace + " is gone";
    }

    private List<String> unfinished() {
        List<String> missing = new ArrayList<>();
        Set<String> unseen = new TreeSet<>(awaited);
        for (KubePod pod : context.kube().pods(namespace, Map.of())) {
            if (pod.phase().equals("Failed")) {
                throw failed(pod);
            }
            if (unseen.remove(pod.name()) && !pod.phase().equals("Succeeded")) {
                String where = pod.node().isEmpty() ? "no node" : pod.node();
                missing.add("pod " + pod + " on " + where + " is " + pod.phase());
            }
        }
        unseen.forEach(name -> missing.add("pod " + namespace + "/" + name + " is not there"));
        missing.addAll(unavailable());
        return missing;
    }

    private List<String> unavailable() {
        List<String> missing = new ArrayList<>(deployments);
        context.kube().workloads().stream()
                .filter(workload -> workload.namespace().equals(namespace) && workload.available())
                .forEach(workload -> missing.remove(workload.name()));
        return missing.stream()
                .map(name -> "Deployment " + namespace + "/" + name + " is not available")
                .toList();
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
        List<String> all = new ArrayList<>(List.of(namespaceManifest(), account()));
        all.addAll(objects);
        return String.join("---\n", all);
    }

    private String namespaceManifest() {
        return """
                apiVersion: v1
                kind: Namespace
                metadata: {name: %s, labels: {app.kubernetes.io/managed-by: belay, pod-security.kubernetes.io/enforce: baseline}}
                """.formatted(namespace);
    }

    /** Its own: the default one of a new namespace comes only when the controller manager gets to it. */
    private String account() {
        return """
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: probe, namespace: %s}
                """.formatted(namespace);
    }

    private void remove() {
        context.kube().delete(namespaceManifest(), GONE);
    }
}
