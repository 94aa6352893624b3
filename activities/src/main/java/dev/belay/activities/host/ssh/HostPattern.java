package dev.belay.activities.host.ssh;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The host field of a known_hosts line, as sshd(8) says: names, wildcards, negation (which wins), or one hashed name. */
final class HostPattern {

    private final List<Predicate<String>> accepted;
    private final List<Predicate<String>> refused;

    HostPattern(String field) {
        List<String> words = List.of(field.split(","));
        this.accepted = words.stream()
                .filter(w -> !w.startsWith("!"))
                .map(HostPattern::matcher)
                .toList();
        this.refused = words.stream()
                .filter(w -> w.startsWith("!"))
                .map(w -> matcher(w.substring(1)))
                .toList();
    }

    boolean matches(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return accepted.stream().anyMatch(m -> m.test(name)) && refused.stream().noneMatch(m -> m.test(name));
    }

    private static Predicate<String> matcher(String word) {
        return word.startsWith("|1|") ? hashed(word.split("\\|", -1)) : glob(word.toLowerCase(Locale.ROOT));
    }

    private static Predicate<String> glob(String word) {
        String regex = word.chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining());
        return Pattern.compile(regex).asMatchPredicate();
    }

    private static Predicate<String> hashed(String[] parts) {
        if (parts.length != 4) {
            return name -> false;
        }
        byte[] salt = Base64.getDecoder().decode(parts[2]);
        byte[] hash = Base64.getDecoder().decode(parts[3]);
        return name -> MessageDigest.isEqual(hash, hmac(salt, name));
    }

    private static byte[] hmac(byte[] salt, String name) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(salt, "HmacSHA1"));
            return mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HmacSHA1", e);
        }
    }
}
