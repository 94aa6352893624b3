package dev.belay.activities.host.ssh;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * A known_hosts file. Lines that cannot be read are passed over, as OpenSSH does. Asked for {@code [host]:port} it falls back to
 * {@code host} when there is no line for the former.
 */
final class KnownHosts {

    private static final String AUTHORITY = "@cert-authority";
    private static final String REVOKED = "@revoked";

    private final String source;
    private final List<Line> lines;

    private KnownHosts(String source, List<Line> lines) {
        this.source = source;
        this.lines = lines;
    }

    /** @param source how messages name the file */
    static KnownHosts parse(String text, String source) {
        List<Line> lines = new ArrayList<>();
        text.lines().forEach(line -> readInto(lines, line.trim()));
        return new KnownHosts(source, List.copyOf(lines));
    }

    String source() {
        return source;
    }

    boolean hasAuthorityFor(String host, int port) {
        return !linesOf(AUTHORITY, host, port).isEmpty();
    }

    /** Plain keys of the host: what it may show. */
    List<Line> keysOf(String host, int port) {
        return linesOf("", host, port);
    }

    List<Line> authoritiesOf(String host, int port) {
        return linesOf(AUTHORITY, host, port);
    }

    /** Revocation holds under either name of the host, whatever other lines say. */
    boolean isRevoked(String host, int port, byte[] key) {
        return lines.stream()
                .filter(line -> line.marker().equals(REVOKED) && line.holds(key))
                .anyMatch(line -> line.hosts().matches(host) || line.hosts().matches(withPort(host, port)));
    }

    private List<Line> linesOf(String marker, String host, int port) {
        List<Line> exact = matching(marker, port == 22 ? host : withPort(host, port));
        return exact.isEmpty() ? matching(marker, host) : exact;
    }

    private List<Line> matching(String marker, String name) {
        return lines.stream()
                .filter(line -> line.marker().equals(marker) && line.hosts().matches(name))
                .toList();
    }

    private static String withPort(String host, int port) {
        return "[" + host + "]:" + port;
    }

    private static void readInto(List<Line> lines, String text) {
        List<String> fields = new ArrayList<>(List.of(text.split("\\s+", -1)));
        String marker = text.startsWith("@") ? fields.remove(0).toLowerCase(Locale.ROOT) : "";
        if (text.startsWith("#") || fields.size() < 3) {
            return;
        }
        try {
            String key = Base64.getEncoder().encodeToString(Base64.getDecoder().decode(fields.get(2)));
            lines.add(new Line(marker, new HostPattern(fields.get(0)), fields.get(1), key));
        } catch (IllegalArgumentException unreadable) {
            return;
        }
    }

    /** One line; {@code key} is the public key as it travels, in Base64. */
    record Line(String marker, HostPattern hosts, String type, String key) {

        boolean holds(byte[] other) {
            return key.equals(Base64.getEncoder().encodeToString(other));
        }

        byte[] encoded() {
            return Base64.getDecoder().decode(key);
        }
    }
}
