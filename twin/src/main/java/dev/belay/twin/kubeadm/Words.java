package dev.belay.twin.kubeadm;

import java.util.List;

/** Lines that kubeadm says in more than one place. */
final class Words {

    static final String STACK_TRACE = "To see the stack trace of this error execute with --v=5 or higher";

    private Words() {}

    /** How a failed phase begins its last words. */
    static String phaseError(Call call, String phase) {
        return (call.binary().minor() >= 34 ? "error: " : "") + "error execution phase " + phase + ": ";
    }

    /** As Go prints a slice. */
    static String list(List<String> words) {
        return "[" + String.join(" ", words) + "]";
    }
}
