package dev.belay.worker;

import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.common.SearchAttributeKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** The search attributes of the workflows, as a server registers them; it refuses to start a workflow with one it does not know. */
public final class SearchAttributes {

    private SearchAttributes() {}

    /** Names and types, in a fixed order. */
    public static Map<String, IndexedValueType> all() {
        Map<String, IndexedValueType> all = new LinkedHashMap<>();
        for (SearchAttributeKey<?> key : dev.belay.workflows.SearchAttributes.all()) {
            all.put(key.getName(), key.getValueType());
        }
        return all;
    }
}
