package dev.belay.activities;

import java.util.List;
import java.util.regex.Pattern;

/** Takes out of a text what must not leave its host: keys, certificates in kubeconfigs, tokens, passwords. Applied to every failure. */
public final class Redaction {

    private static final String GONE = "[redacted]";

    private record Rule(Pattern pattern, String replacement) {}

    private static final List<Rule> RULES = List.of(
            rule("-----BEGIN [A-Z0-9 ]{1,40}-----[A-Za-z0-9+/=\\s]*+(-----END [A-Z0-9 ]{1,40}-----)?", GONE),
            rule("(?i)\\b(authorization:\\s*)(bearer|basic)(\\s+)\\S+", "$1$2$3" + GONE),
            rule("\\beyJ[A-Za-z0-9_-]{8,}+(\\.[A-Za-z0-9_-]*+){0,2}", GONE),
            rule("(?i)(--(?:token|password|certificate-key|discovery-token)(?:=|\\s+))\\S+", "$1" + GONE),
            rule(
                    "(?i)\\b((?:password|passwd|secret|token|api[-_]?key)\\s*[=:]\\s*)(?!\\[redacted])[^\\s,;&]+",
                    "$1" + GONE),
            rule(
                    "(?i)\\b((?:client-key-data|client-certificate-data|certificate-authority-data)\\s*:\\s*)\\S+",
                    "$1" + GONE),
            rule("\\b[a-z0-9]{6}\\.[a-z0-9]{16}\\b", GONE),
            rule("(\\b[a-z][a-z0-9+.-]{1,12}://)[^\\s/@:]*:[^\\s/@]*@", "$1" + GONE + "@"));

    private Redaction() {}

    /** The text without its secrets. */
    public static String of(String text) {
        String clean = text;
        for (Rule rule : RULES) {
            clean = rule.pattern().matcher(clean).replaceAll(rule.replacement());
        }
        return clean;
    }

    private static Rule rule(String pattern, String replacement) {
        return new Rule(Pattern.compile(pattern), replacement);
    }
}
