package dev.belay.model.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * One byte form per value: UTF-8, no white space, keys sorted by UTF-16 code unit, nulls of records left out, whole numbers without a
 * fraction. Two equal values have one digest on every JVM, whatever order their maps were filled in.
 */
public final class CanonicalJson {

    private CanonicalJson() {}

    public static byte[] write(Object value) {
        try {
            return Json.mapper().writeValueAsBytes(canonical(Json.mapper().valueToTree(value)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON for " + value.getClass().getName(), e);
        }
    }

    /** {@code sha256:} and the hex digest of {@link #write}. */
    public static String digest(Object value) {
        return digestOf(write(value));
    }

    /** The same form over bytes that are already what should be digested, such as a file's. */
    public static String digestOf(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static JsonNode canonical(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return sorted(object);
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
            array.forEach(element -> copy.add(canonical(element)));
            return copy;
        }
        return node.isNumber() ? number(node) : node;
    }

    private static JsonNode sorted(ObjectNode object) {
        TreeMap<String, JsonNode> fields = new TreeMap<>();
        object.properties().forEach(field -> fields.put(field.getKey(), canonical(field.getValue())));
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        fields.forEach(copy::set);
        return copy;
    }

    /** Doubles are written out exactly: their shortest text differs between Java releases. */
    private static JsonNode number(JsonNode node) {
        if (node.isIntegralNumber()) {
            return node;
        }
        if (!node.isBigDecimal() && !Double.isFinite(node.doubleValue())) {
            throw new IllegalArgumentException(node + " is not a number in JSON");
        }
        BigDecimal exact = node.isBigDecimal() ? node.decimalValue() : new BigDecimal(node.doubleValue());
        BigDecimal stripped = exact.stripTrailingZeros();
        BigInteger limit = BigInteger.ONE.shiftLeft(53);
        boolean whole = stripped.scale() <= 0 && exact.abs().compareTo(new BigDecimal(limit)) <= 0;
        return whole ? JsonNodeFactory.instance.numberNode(stripped.toBigInteger()) : DecimalNode.valueOf(stripped);
    }
}
