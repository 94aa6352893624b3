package dev.belay.model.kubernetes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** The name of a Kubernetes node: an RFC 1123 subdomain of at most 253 characters, so it can never carry shell text. */
public record NodeName(@JsonValue String value) implements Comparable<NodeName> {

    private static final Pattern FORM =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    @JsonCreator
    public NodeName {
        if (!isValid(value)) {
            throw new IllegalArgumentException("\"" + value
                    + "\" is not a node name: lower-case letters, digits, '-' and '.', at most 253 characters");
        }
    }

    public static boolean isValid(String text) {
        return text.length() <= 253 && FORM.matcher(text).matches();
    }

    @Override
    public int compareTo(NodeName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
