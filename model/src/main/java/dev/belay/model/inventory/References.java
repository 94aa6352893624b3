package dev.belay.model.inventory;

import dev.belay.model.document.Problems;
import dev.belay.model.document.YamlScalar;
import java.util.regex.Pattern;

/** Checks references as they stand in an inventory. What is there instead may be a secret, so it is never repeated. */
final class References {
    static final String LOOKS = "a reference: file:/path, file:${VARIABLE}/path, env:NAME or exec:program arguments";

    static final String REPOSITORY_LOOKS = "an http or https address with {minor} in place of 1.34";

    static final String STORE_LOOKS = "an address such as https://minio.example.org:9000/bucket or .../bucket/folder";

    private static final String SEGMENT = "[A-Za-z0-9._~:+,=-]*";
    private static final Pattern REPOSITORY =
            Pattern.compile("(?=.{1,1024}$)https?://(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+])(?::[0-9]{1,5})?(?:/" + SEGMENT
                    + ")*\\{minor}" + SEGMENT + "(?:/" + SEGMENT + ")*");
    private static final Pattern STORE =
            Pattern.compile("(?=.{1,1024}$)https?://(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+])(?::[0-9]{1,5})?"
                    + "/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9_][A-Za-z0-9._-]{0,199})*/?");
    private static final Pattern FILE =
            Pattern.compile("file:(?:/|\\$\\{[A-Za-z_][A-Za-z0-9_]*}(?:/|$))[^\\p{Cntrl}$]*");
    private static final Pattern RELATIVE = Pattern.compile("file:[^/$].*", Pattern.DOTALL);
    private static final Pattern ENV = Pattern.compile("env:[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern EXEC =
            Pattern.compile("exec:(?:[A-Za-z0-9_]|/[^\\p{Cntrl} ]*)[A-Za-z0-9_.+-]*(?: [^\\p{Cntrl}]*)?");
    private static final Pattern AGENT =
            Pattern.compile("agent:(?:/|\\$\\{[A-Za-z_][A-Za-z0-9_]*}(?:/|$))[^\\p{Cntrl}$]*");
    private static final Pattern SCHEME = Pattern.compile("(?:file|env|exec|agent):.*", Pattern.DOTALL);

    private References() {}

    static void check(String name, YamlScalar value, Problems problems) {
        String text = value.text();
        if (isOne(text)) {
            return;
        }
        if (RELATIVE.matcher(text).matches()) {
            problems.add(
                    value.at(),
                    "relative-path",
                    "\"" + name + "\" should name an absolute path, or begin with ${VARIABLE}/");
        } else if (SCHEME.matcher(text).matches()) {
            problems.add(value.at(), "reference", "\"" + name + "\" should be " + LOOKS);
        } else {
            String message = "\"" + name + "\" should be " + LOOKS
                    + "; a secret itself never stands here (its text is not shown)";
            problems.add(value.at(), "literal-secret", message);
        }
    }

    /** A private key may also be an agent's. */
    static void checkKey(String name, YamlScalar value, Problems problems) {
        if (AGENT.matcher(value.text()).matches()) {
            return;
        }
        if (value.text().startsWith("agent:")) {
            problems.add(
                    value.at(),
                    "reference",
                    "\"" + name + "\" should be agent:${SSH_AUTH_SOCK} or agent:/path of the agent's socket");
        } else {
            check(name, value, problems);
        }
    }

    static void checkFile(String name, YamlScalar value, Problems problems) {
        if (isOne(value.text()) && !value.text().startsWith("file:")) {
            problems.add(
                    value.at(),
                    "reference",
                    "\"" + name + "\" should be a file: reference, file:/path or file:${VARIABLE}/path");
        } else {
            check(name, value, problems);
        }
    }

    /** A package repository's address: it may not hold a password, and one that does is not repeated. */
    static void checkRepository(YamlScalar value, Problems problems) {
        if (value.text().contains("@")) {
            String message = "\"repository\" should hold no user or password (its text is not shown)";
            problems.add(value.at(), "literal-secret", message);
        } else if (!REPOSITORY.matcher(value.text()).matches()) {
            String message = "\"repository\" should be " + REPOSITORY_LOOKS + ", not \"" + value.text() + "\"";
            problems.add(value.at(), "value", message);
        }
    }

    /** A bucket's address: as a repository's, it holds no password. */
    static void checkStore(YamlScalar value, Problems problems) {
        if (value.text().contains("@")) {
            String message = "\"url\" should hold no user or password (its text is not shown)";
            problems.add(value.at(), "literal-secret", message);
        } else if (!STORE.matcher(value.text()).matches()) {
            String message = "\"url\" should be " + STORE_LOOKS + ", not \"" + value.text() + "\"";
            problems.add(value.at(), "value", message);
        }
    }

    private static boolean isOne(String text) {
        return FILE.matcher(text).matches()
                || ENV.matcher(text).matches()
                || EXEC.matcher(text).matches();
    }
}
