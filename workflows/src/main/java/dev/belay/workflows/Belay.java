package dev.belay.workflows;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.CanonicalJson;
import dev.belay.model.plan.Json;
import dev.belay.model.runbook.Step;
import dev.belay.model.runbook.StepSignature;
import dev.belay.model.runbook.TypedStep;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import io.temporal.worker.Worker;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The names by which clients, workers and workflows find each other. */
public final class Belay {

    /** Where workflows run. Steps run on the task queue of the cluster's site. */
    public static final String TASK_QUEUE = "belay";

    /** Answers {@code when} and the duration of a soak. */
    public static final String EVALUATE = "belay.evaluate";

    /** Tells whoever listens that the run waits for a person, or no longer does. */
    public static final String NOTICE = "belay.notice";

    /** A list query for runs, of every cluster; hops and nodes are not among them. */
    public static final String RUNS = "WorkflowType = 'belay.run'";

    private static final String PREFIX = "k8s-upgrade/";
    private static final int HASH_AT = "sha256:".length();

    private Belay() {}

    /** Every client and worker must use it, or payloads are not understood. */
    public static DataConverter dataConverter() {
        return DefaultDataConverter.newDefaultInstance()
                .withPayloadConverterOverrides(new JacksonJsonPayloadConverter(Json.mapper()));
    }

    /** Registers the three workflows with a worker of {@link #TASK_QUEUE}. */
    public static void register(Worker worker) {
        worker.registerWorkflowImplementationTypes(
                RunWorkflowImpl.class, HopWorkflowImpl.class, NodeWorkflowImpl.class);
    }

    /** The workflow id of a cluster's run: at most one is open, so it is the lock. */
    public static String workflowId(String cluster) {
        return PREFIX + cluster;
    }

    /**
     * The run id that people type: the last eight hex digits of the first Temporal run id. Not the first ones: servers make ids whose
     * beginning is the time (UUID version 7), so that runs started within a minute share it.
     */
    public static String runId(String temporalRunId) {
        return temporalRunId.substring(temporalRunId.length() - 8);
    }

    /** The signatures that some steps use: a node does not carry the others. */
    static Map<String, StepSignature> signaturesOf(List<Step> steps, Map<String, StepSignature> all) {
        Map<String, StepSignature> some = new TreeMap<>();
        for (Step step : steps) {
            if (step instanceof TypedStep typed && all.containsKey(typed.uses())) {
                some.put(typed.uses(), all.get(typed.uses()));
            }
        }
        return some;
    }

    static String hopId(String runWorkflowId, String run, Hop hop) {
        return runWorkflowId + "/" + run + "/" + hop.to();
    }

    /** A node's name may have 253 characters and an id at most 255, so the name is hashed; it stands in the input and the summary. */
    static String nodeId(String hopWorkflowId, NodeName node, String group, int attempt) {
        byte[] place = (node + "/" + group).getBytes(StandardCharsets.UTF_8);
        String hash = CanonicalJson.digestOf(place).substring(HASH_AT, HASH_AT + 10);
        return hopWorkflowId + "/n-" + hash + "-a" + attempt;
    }
}
