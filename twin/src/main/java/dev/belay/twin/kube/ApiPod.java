package dev.belay.twin.kube;

import dev.belay.activities.kube.KubePod;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A pod in the simulated API. */
public final class ApiPod implements Comparable<ApiPod> {

    private static final Comparator<ApiPod> BY_NAME =
            Comparator.comparing(ApiPod::namespace).thenComparing(ApiPod::name);

    private final String namespace;
    private final String name;
    private final String uid;
    private final PodTemplate template;
    private final boolean mirror;
    private final @Nullable Owner owner;
    private @Nullable ApiNode node;
    private @Nullable Instant startedAt;
    private boolean terminating;
    private boolean forgotten;
    private String ended = "";
    private String log = "";

    ApiPod(String namespace, String name, String uid, PodTemplate template, @Nullable Owner owner, boolean mirror) {
        this.namespace = namespace;
        this.name = name;
        this.uid = uid;
        this.template = template;
        this.owner = owner;
        this.mirror = mirror;
    }

    public String namespace() {
        return namespace;
    }

    public String name() {
        return name;
    }

    public String uid() {
        return uid;
    }

    public PodTemplate template() {
        return template;
    }

    public boolean isMirror() {
        return mirror;
    }

    Optional<Owner> owner() {
        return Optional.ofNullable(owner);
    }

    Optional<ApiNode> node() {
        return Optional.ofNullable(node);
    }

    void bind(ApiNode to) {
        node = to;
        to.pods().add(this);
    }

    /** Its containers run, since now; a second time they were restarted. */
    void startContainers(Instant now) {
        startedAt = now;
    }

    void stopContainers() {
        startedAt = null;
    }

    void terminate() {
        terminating = true;
    }

    void end(boolean succeeded, String output) {
        ended = succeeded ? "Succeeded" : "Failed";
        log = output;
        startedAt = null;
    }

    /** No longer in the API: what was to happen to it does not. */
    void forget() {
        forgotten = true;
    }

    boolean isForgotten() {
        return forgotten;
    }

    @Nullable
    Instant startedAt() {
        return startedAt;
    }

    String ended() {
        return ended;
    }

    /** As it ended in another cluster's data. */
    void ended(String phase, String output) {
        ended = phase;
        log = output;
    }

    boolean isTerminating() {
        return terminating;
    }

    boolean isRunning() {
        return startedAt != null;
    }

    boolean isFinished() {
        return !ended.isEmpty();
    }

    public boolean isReady() {
        return startedAt != null && node != null && node.isReady();
    }

    boolean isHealthy() {
        return isReady() && !terminating;
    }

    String log() {
        return log;
    }

    String phase() {
        if (isFinished()) {
            return ended;
        }
        return isRunning() || mirror ? "Running" : "Pending";
    }

    KubePod seen() {
        return new KubePod(
                namespace,
                name,
                uid,
                node == null ? "" : node.name().value(),
                controller(),
                mirror,
                template.emptyDir(),
                phase(),
                isReady(),
                terminating,
                template.gracePeriod(),
                template.labels(),
                template.images(),
                startedAt == null
                        ? List.of()
                        : template.images().stream().map(image -> started()).toList());
    }

    private String started() {
        return String.valueOf(startedAt == null ? "" : startedAt.truncatedTo(ChronoUnit.SECONDS));
    }

    private String controller() {
        if (mirror && node != null) {
            return "Node/" + node.name();
        }
        return owner == null ? "" : owner.controller();
    }

    @Override
    public int compareTo(ApiPod other) {
        return BY_NAME.compare(this, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ApiPod pod && pod.uid.equals(uid);
    }

    @Override
    public int hashCode() {
        return uid.hashCode();
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
