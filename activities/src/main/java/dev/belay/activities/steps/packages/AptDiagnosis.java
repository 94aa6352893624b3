package dev.belay.activities.steps.packages;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.JobOutcome;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.util.List;
import java.util.stream.Collectors;

/** What apt's text means. The exit code is the verdict; the text only says why, and whether another try may help. */
final class AptDiagnosis {

    private record Sign(List<String> texts, FailureKind kind, String code, String next) {

        boolean isIn(String output) {
            return texts.stream().anyMatch(output::contains);
        }
    }

    private static final Sign LOCKED = new Sign(
            List.of("Could not get lock", "Unable to acquire the dpkg frontend lock", "is another process using it"),
            FailureKind.PRECONDITION,
            "DPKG_LOCKED",
            "find out who holds the lock (unattended-upgrades, cloud-init, a person), then retry");
    private static final Sign NETWORK = new Sign(
            List.of(
                    "Failed to fetch",
                    "Temporary failure resolving",
                    "Could not connect",
                    "Unable to connect",
                    "Connection timed out",
                    "Connection failed"),
            FailureKind.PRECONDITION,
            "REPOSITORY_UNREACHABLE",
            "look whether the node reaches the repository, then retry");
    private static final List<Sign> SIGNS = List.of(
            new Sign(
                    List.of("EXPKEYSIG", "NO_PUBKEY", "BADSIG", "is not signed"),
                    FailureKind.PRECONDITION,
                    "REPOSITORY_KEY",
                    "fetch the repository's Release.key again into the keyring that the inventory names, then retry"),
            new Sign(
                    List.of("dpkg was interrupted"),
                    FailureKind.PRECONDITION,
                    "DPKG_INTERRUPTED",
                    "run `dpkg --configure -a` on the node and look what it says, then retry"),
            new Sign(
                    List.of("Held packages were changed", "held broken packages", "unmet dependencies"),
                    FailureKind.PRECONDITION,
                    "PACKAGE_CONFLICT",
                    "look at `apt-get install -s` and `apt-mark showhold` on the node, then retry"),
            new Sign(
                    List.of("No space left on device", "You don't have enough free space"),
                    FailureKind.PRECONDITION,
                    "DISK_FULL",
                    "free space on the node, then retry"),
            LOCKED,
            NETWORK);

    private AptDiagnosis() {}

    /** The world may mend this by itself within a minute. */
    static boolean mayPass(JobOutcome outcome) {
        return LOCKED.isIn(outcome.output()) || NETWORK.isIn(outcome.output());
    }

    /**
     * The failure, whole.
     *
     * @param notOffered what the repository lacks; empty when it lacks nothing
     */
    static StepFailure failure(NodeName node, String command, JobOutcome outcome, String notOffered) {
        String output = outcome.output();
        String how = outcome.known() ? "ended with " + outcome.exit() : "was lost with the node's own restart";
        for (Sign sign : SIGNS) {
            if (sign.isIn(output)) {
                return StepFailure.of(
                                sign.kind(),
                                sign.code(),
                                node + ": `" + command + "` " + how + ": " + errors(output)
                                        + (notOffered.isEmpty() ? "" : "; " + notOffered),
                                sign.next())
                        .withEvidence(output);
            }
        }
        if (!notOffered.isEmpty()) {
            return StepFailure.of(
                            FailureKind.PRECONDITION,
                            "PACKAGE_NOT_FOUND",
                            node + ": " + notOffered,
                            "look at the inventory's packages.repository and packages.revision, and at the repository itself")
                    .withEvidence(output);
        }
        return StepFailure.of(
                        outcome.known() ? FailureKind.PERMANENT : FailureKind.UNKNOWN,
                        outcome.known() ? "PACKAGE_FAILED" : "PACKAGE_LOST",
                        node + ": `" + command + "` " + how + ": " + errors(output),
                        "look at /var/log/apt/term.log and `dpkg --audit` on " + node + ", then retry")
                .withEvidence(output);
    }

    private static String errors(String output) {
        String errors = output.lines()
                .filter(line -> line.startsWith("E:") || line.startsWith("Err:") || line.startsWith("dpkg: error"))
                .limit(6)
                .collect(Collectors.joining(" "));
        return errors.isEmpty() ? output.lines().reduce("no output", (a, b) -> b.isBlank() ? a : b) : errors;
    }
}
