package dev.belay.activities.steps.packages;

import dev.belay.activities.StepFailure;
import dev.belay.model.inventory.Cluster.Packages;
import dev.belay.model.run.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The apt source file of the Kubernetes repository, which has one address a minor. Lines that name the repository, of whatever minor, give
 * way to one line for the wanted minor; all others stay as they are.
 */
record AptSource(Packages packages) {

    private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]+");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9.+~]{1,40}");
    private static final String MINOR = "{minor}";

    AptSource {
        plain("packages.repository", packages.repository());
        plain("packages.keyring", packages.keyring());
        plain("packages.sourceFile", packages.sourceFile());
        if (!packages.sourceFile().endsWith(".list")) {
            throw bad("packages.sourceFile", packages.sourceFile(), "a one-line apt source whose name ends in .list");
        }
        if (!REVISION.matcher(packages.revision()).matches()) {
            throw bad("packages.revision", packages.revision(), "a Debian revision such as 1.1");
        }
    }

    /** The line for a minor. */
    String line(String minor) {
        return "deb [signed-by=" + packages.keyring() + "] " + packages.repositoryOf(minor) + " /";
    }

    /** The file for a minor, made of what is there. */
    String rewritten(String present, String minor) {
        List<String> lines = new ArrayList<>();
        boolean written = false;
        for (String line : present.lines().toList()) {
            if (!isOurs(line)) {
                lines.add(line);
            } else if (!written) {
                lines.add(line(minor));
                written = true;
            }
        }
        if (!written) {
            lines.add(line(minor));
        }
        return String.join("\n", lines) + "\n";
    }

    private boolean isOurs(String line) {
        String text = line.strip();
        return text.startsWith("deb ") && repository().matcher(text).find();
    }

    private Pattern repository() {
        String address = packages.repository();
        int at = address.indexOf(MINOR);
        if (at < 0) {
            return Pattern.compile("\\s" + Pattern.quote(address) + "\\s");
        }
        return Pattern.compile("\\s" + Pattern.quote(address.substring(0, at)) + "\\d+\\.\\d+"
                + Pattern.quote(address.substring(at + MINOR.length())) + "\\s");
    }

    private static void plain(String field, String value) {
        if (!PLAIN.matcher(value).matches()) {
            throw bad(field, value, "without spaces or control characters");
        }
    }

    private static StepFailure bad(String field, String value, String right) {
        return StepFailure.of(
                FailureKind.PERMANENT,
                "BAD_INVENTORY",
                "the inventory's " + field + " \"" + value.replaceAll("\\p{Cntrl}", "?") + "\" should be " + right,
                "correct the inventory, plan and start again");
    }
}
