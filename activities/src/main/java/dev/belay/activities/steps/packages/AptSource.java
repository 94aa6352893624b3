package dev.belay.activities.steps.packages;

import dev.belay.activities.StepFailure;
import dev.belay.model.inventory.Cluster.Packages;
import dev.belay.model.run.FailureKind;
import java.util.regex.Pattern;

/** The apt source file of the Kubernetes repository, which has one address a minor; its name's end says how it is written, as it does to apt. */
record AptSource(Packages packages) {

    private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]+");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9.+~]{1,40}");

    AptSource {
        plain("packages.repository", packages.repository());
        plain("packages.keyring", packages.keyring());
        plain("packages.sourceFile", packages.sourceFile());
        if (!packages.sourceFile().endsWith(".list") && !isStanzas(packages)) {
            throw bad(
                    "packages.sourceFile", packages.sourceFile(), "an apt source whose name ends in .list or .sources");
        }
        if (!REVISION.matcher(packages.revision()).matches()) {
            throw bad("packages.revision", packages.revision(), "a Debian revision such as 1.1");
        }
    }

    /** The file for a minor, made of what is there. */
    String rewritten(String present, String minor) {
        RepositoryName name = RepositoryName.of(packages, minor);
        SourceFormat format = isStanzas(packages)
                ? new SourceStanzas(name, packages.keyring())
                : new SourceLines(name, packages.keyring());
        try {
            return format.rewritten(present);
        } catch (SourceUnreadable e) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "SOURCE_UNREADABLE",
                    packages.sourceFile() + " cannot be rewritten: " + e.getMessage(),
                    "correct the file, or name another in the inventory's packages.sourceFile: .list for one-line"
                            + " sources, .sources for stanzas");
        }
    }

    private static boolean isStanzas(Packages packages) {
        return packages.sourceFile().endsWith(".sources");
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
