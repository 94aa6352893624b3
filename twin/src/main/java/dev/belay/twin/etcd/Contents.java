package dev.belay.twin.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.List;

/** What the members keep for their clients. */
public interface Contents {

    /** Before any client has come. */
    Contents NONE = new Contents() {
        @Override
        public List<String> keys() {
            return List.of();
        }

        @Override
        public JsonNode objects() {
            return NullNode.getInstance();
        }

        @Override
        public void restored(JsonNode objects) {}
    };

    /** Every key, in order. */
    List<String> keys();

    /** Everything, as it can be brought back. */
    JsonNode objects();

    /** Another cluster has taken the place of the one before, with what it holds. */
    void restored(JsonNode objects);
}
