package dev.belay.activities.steps.certs;

/**
 * Something about certificates that a person should know.
 *
 * @param node empty when it concerns several
 * @param remedy what to do about it
 */
public record CertificateFinding(Weight weight, String code, String node, String what, String remedy) {

    /** How bad it is: STOP must be put right before anything else is done, WARN soon, NOTE is worth knowing. */
    public enum Weight {
        STOP,
        WARN,
        NOTE
    }

    /** One line for people. */
    @Override
    public String toString() {
        return weight + " " + code + " " + (node.isEmpty() ? "" : node + ": ") + what;
    }

    /** With the node it is about, without its weight. */
    public String said() {
        return node.isEmpty() ? what : node + ": " + what;
    }
}
