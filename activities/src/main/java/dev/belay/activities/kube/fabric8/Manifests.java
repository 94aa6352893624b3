package dev.belay.activities.kube.fabric8;

import dev.belay.activities.StepFailure;
import dev.belay.model.run.FailureKind;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;

/** Objects given as a YAML stream: applied in its order by the server, deleted in the opposite one. */
final class Manifests {

    private static final String FIELD_MANAGER = "belay";
    private static final Duration POLL = Duration.ofMillis(300);

    private final KubernetesClient client;
    private final ApiErrors errors;

    Manifests(KubernetesClient client, ApiErrors errors) {
        this.client = client;
        this.errors = errors;
    }

    void apply(String manifests) {
        for (HasMetadata object : read(manifests)) {
            try {
                client.resource(object)
                        .fieldManager(FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply();
            } catch (KubernetesClientException | CancellationException e) {
                throw errors.of("apply " + named(object), e);
            }
        }
    }

    void delete(String manifests, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        List<HasMetadata> objects = new ArrayList<>(read(manifests));
        Collections.reverse(objects);
        objects.forEach(this::ask);
        List<HasMetadata> left = remaining(objects);
        while (!left.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw stillThere(left, timeout);
            }
            rest();
            left = remaining(left);
        }
    }

    private void ask(HasMetadata object) {
        try {
            client.resource(object)
                    .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                    .delete();
        } catch (KubernetesClientException | CancellationException e) {
            throw errors.of("delete " + named(object), e);
        }
    }

    private List<HasMetadata> remaining(List<HasMetadata> objects) {
        return objects.stream().filter(this::exists).toList();
    }

    private boolean exists(HasMetadata object) {
        try {
            return client.resource(object).get() != null;
        } catch (KubernetesClientException | CancellationException e) {
            throw errors.of("look for " + named(object), e);
        }
    }

    private void rest() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            throw errors.of("wait for objects to be gone", e);
        }
    }

    private List<HasMetadata> read(String manifests) {
        try {
            return client.load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
                    .items();
        } catch (RuntimeException e) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "MANIFEST_UNREADABLE",
                    "the manifests are no stream of Kubernetes objects: " + ApiErrors.rootMessage(e),
                    "each document needs apiVersion, kind and metadata.name");
        }
    }

    private static StepFailure stillThere(List<HasMetadata> left, Duration timeout) {
        return StepFailure.of(
                FailureKind.TRANSIENT,
                "STILL_THERE",
                "not gone after " + timeout.toSeconds() + " s: "
                        + left.stream().map(Manifests::named).collect(Collectors.joining(", ")),
                "look for finalizers on what is left");
    }

    private static String named(HasMetadata object) {
        String namespace = object.getMetadata().getNamespace();
        return object.getKind() + " " + (namespace == null ? "" : namespace + "/")
                + object.getMetadata().getName();
    }
}
