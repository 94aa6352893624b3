package dev.belay.twin.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Map;

/** What the members keep for their clients. */
public interface Contents {

    /** Before any client has come. */
    Contents NONE = new Contents() {
        @Override
        public Map<String, Long> keys() {
            return Map.of();
        }

        @Override
        public JsonNode objects() {
            return NullNode.getInstance();
        }

        @Override
        public void restored(JsonNode objects) {}
    };

    /** How many keys there are, by prefix. */
    Map<String, Long> keys();

    /** Everything, as it can be brought back. */
    JsonNode objects();

    /** Another cluster has taken the place of the one before, with what it holds. */
    void restored(JsonNode objects);
}
