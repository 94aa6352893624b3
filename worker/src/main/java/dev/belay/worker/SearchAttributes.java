package dev.belay.worker;

import static io.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_INT;
import static io.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

import io.temporal.api.enums.v1.IndexedValueType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The search attributes that runs, hops and nodes carry; a server refuses to start a workflow with one it does not know. */
public final class SearchAttributes {

    private static final List<String> KEYWORDS = List.of(
            "K8sCluster",
            "K8sFrom",
            "K8sTo",
            "K8sRunbook",
            "K8sRunbookDigest",
            "K8sPhase",
            "K8sState",
            "K8sTicket",
            "K8sOperator");
    private static final List<String> NUMBERS = List.of("K8sNodesDone", "K8sNodesTotal");

    private SearchAttributes() {}

    /** Names and types, in a fixed order. */
    public static Map<String, IndexedValueType> all() {
        Map<String, IndexedValueType> all = new LinkedHashMap<>();
        KEYWORDS.forEach(name -> all.put(name, INDEXED_VALUE_TYPE_KEYWORD));
        NUMBERS.forEach(name -> all.put(name, INDEXED_VALUE_TYPE_INT));
        return all;
    }
}
