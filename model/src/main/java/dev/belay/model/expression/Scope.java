package dev.belay.model.expression;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepCall.NodeCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What expressions see while a run goes on: {@code inputs}, {@code hop}, {@code cluster}, {@code node} and {@code steps}. */
public final class Scope {

    private final Map<String, Object> variables;

    private Scope(Map<String, Object> variables) {
        this.variables = variables;
    }

    /** What the step of this call may see. */
    public static Scope of(StepCall call) {
        Builder builder = builder()
                .inputs(call.inputs())
                .hop(call.hop())
                .cluster(call.cluster())
                .outputs(call.outputs());
        return call.node() == null ? builder.build() : builder.node(call.node()).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    Map<String, Object> variables() {
        return variables;
    }

    @Nullable
    Object find(List<String> path) {
        Object at = variables;
        for (String name : path) {
            at = at instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return at;
    }

    /** Collects what is known; at plan time that is everything but outputs. */
    public static final class Builder {

        private final Map<String, Object> variables = new LinkedHashMap<>();

        private Builder() {
            inputs(Map.of());
            outputs(Map.of());
        }

        /** Values in their own types, as {@code Runbook.values} gives them. */
        public Builder inputs(Map<String, Object> inputs) {
            return put("inputs", inputs);
        }

        public Builder hop(Hop hop) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("from", hop.from().toString());
            facts.put("to", hop.to().toString());
            facts.put("minor", hop.to().minorText());
            facts.put("first", hop.first());
            facts.put("last", hop.last());
            facts.put("raisesEtcdMinor", hop.raisesEtcdMinor());
            facts.put("index", hop.index());
            return put("hop", facts);
        }

        public Builder cluster(String name) {
            return put("cluster", Map.of("name", name));
        }

        public Builder node(NodeCall node) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("name", node.name().value());
            facts.put("role", node.role());
            if (node.version() != null) {
                facts.put("version", node.version().toString());
            }
            facts.put("zone", node.zone());
            facts.put("index", node.index());
            facts.put("first", node.first());
            facts.put("last", node.last());
            return put("node", facts);
        }

        /** Outputs by step id. A step that was skipped is not in it. */
        public Builder outputs(Map<String, Map<String, Object>> outputs) {
            return put("steps", outputs);
        }

        public Scope build() {
            return new Scope(new LinkedHashMap<>(variables));
        }

        private Builder put(String root, Map<String, ?> fields) {
            variables.put(root, Values.toCel(fields));
            return this;
        }
    }
}
