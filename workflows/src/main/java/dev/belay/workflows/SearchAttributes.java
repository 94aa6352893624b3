package dev.belay.workflows;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.plan.Plan;
import io.temporal.common.SearchAttributeKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What runs are listed and filtered by. Registered on every server before the first start, by {@code belay setup}. */
public final class SearchAttributes {

    public static final SearchAttributeKey<String> CLUSTER = SearchAttributeKey.forKeyword("K8sCluster");
    public static final SearchAttributeKey<String> FROM = SearchAttributeKey.forKeyword("K8sFrom");
    public static final SearchAttributeKey<String> TO = SearchAttributeKey.forKeyword("K8sTo");
    public static final SearchAttributeKey<String> RUNBOOK = SearchAttributeKey.forKeyword("K8sRunbook");
    public static final SearchAttributeKey<String> RUNBOOK_DIGEST = SearchAttributeKey.forKeyword("K8sRunbookDigest");
    public static final SearchAttributeKey<String> PHASE = SearchAttributeKey.forKeyword("K8sPhase");
    public static final SearchAttributeKey<String> STATE = SearchAttributeKey.forKeyword("K8sState");
    public static final SearchAttributeKey<String> TICKET = SearchAttributeKey.forKeyword("K8sTicket");
    public static final SearchAttributeKey<String> OPERATOR = SearchAttributeKey.forKeyword("K8sOperator");
    public static final SearchAttributeKey<Long> NODES_DONE = SearchAttributeKey.forLong("K8sNodesDone");
    public static final SearchAttributeKey<Long> NODES_TOTAL = SearchAttributeKey.forLong("K8sNodesTotal");

    private static final int LONGEST = 255;

    private SearchAttributes() {}

    public static List<SearchAttributeKey<?>> all() {
        return List.of(
                CLUSTER, FROM, TO, RUNBOOK, RUNBOOK_DIGEST, PHASE, STATE, TICKET, OPERATOR, NODES_DONE, NODES_TOTAL);
    }

    public static io.temporal.common.SearchAttributes ofRun(Plan plan, String author, @Nullable String ticket) {
        io.temporal.common.SearchAttributes.Builder attributes = io.temporal.common.SearchAttributes.newBuilder()
                .set(CLUSTER, bounded(plan.cluster().name()))
                .set(FROM, plan.from().toString())
                .set(TO, plan.to().toString())
                .set(
                        RUNBOOK,
                        bounded(plan.runbook().name() + "@" + plan.runbook().version()))
                .set(RUNBOOK_DIGEST, bounded(plan.runbookDigest()))
                .set(OPERATOR, bounded(author))
                .set(STATE, "RUNNING");
        return (ticket == null ? attributes : attributes.set(TICKET, bounded(ticket))).build();
    }

    static io.temporal.common.SearchAttributes ofChild(String cluster, Hop hop) {
        return io.temporal.common.SearchAttributes.newBuilder()
                .set(CLUSTER, bounded(cluster))
                .set(FROM, hop.from().toString())
                .set(TO, hop.to().toString())
                .set(STATE, "RUNNING")
                .build();
    }

    private static String bounded(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
