package dev.belay.twin.kube;

import java.util.List;
import java.util.TreeSet;

/** Certificate signing requests that nobody has approved or denied yet. */
public final class SigningRequests {

    private final TreeSet<String> pending = new TreeSet<>();

    /** Somebody asks for a certificate: {@code name (who asks, signer)}. */
    public void ask(String request) {
        pending.add(request);
    }

    void restore(List<String> kept) {
        pending.clear();
        pending.addAll(kept);
    }

    public List<String> pending() {
        return List.copyOf(pending);
    }
}
