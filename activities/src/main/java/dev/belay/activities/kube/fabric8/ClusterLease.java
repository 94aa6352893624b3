package dev.belay.activities.kube.fabric8;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's own lock, {@code kube-system/belay}: held as long as it names a holder, whatever its times say, because a run may stand
 * parked for days. Every write carries the resourceVersion that was looked at; whoever comes second looks again and sees the first.
 */
final class ClusterLease {

    private static final String NAMESPACE = "kube-system";
    private static final String NAME = "belay";
    private static final String NOTE = "belay.dev/note";
    private static final int LOOKS = 5;

    private final KubernetesClient client;
    private final ApiErrors errors;
    private final Clock clock;

    ClusterLease(KubernetesClient client, ApiErrors errors, Clock clock) {
        this.client = client;
        this.errors = errors;
        this.clock = clock;
    }

    Optional<String> acquire(String holder, String note) {
        return untilUndisturbed("take the lease kube-system/belay", () -> {
            Lease seen = lease().get();
            String held = holderOf(seen);
            if (!held.isEmpty() && !held.equals(holder)) {
                return Optional.of(held);
            }
            write(seen, holder, note);
            return Optional.empty();
        });
    }

    void release(String holder) {
        untilUndisturbed("give back the lease kube-system/belay", () -> {
            Lease seen = lease().get();
            if (seen != null && holderOf(seen).equals(holder)) {
                client.resource(seen)
                        .lockResourceVersion(seen.getMetadata().getResourceVersion())
                        .delete();
            }
            return Optional.empty();
        });
    }

    private void write(@Nullable Lease seen, String holder, String note) {
        ZonedDateTime now = ZonedDateTime.now(clock.withZone(ZoneOffset.UTC));
        if (seen == null) {
            Lease fresh = new LeaseBuilder()
                    .withMetadata(new ObjectMetaBuilder()
                            .withNamespace(NAMESPACE)
                            .withName(NAME)
                            .withAnnotations(Map.of(NOTE, note))
                            .build())
                    .withSpec(spec(holder, now, now))
                    .build();
            client.resource(fresh).create();
            return;
        }
        ZonedDateTime since = seen.getSpec() == null || holderOf(seen).isEmpty()
                ? now
                : seen.getSpec().getAcquireTime();
        Lease renewed = new LeaseBuilder(seen)
                .editMetadata()
                .addToAnnotations(NOTE, note)
                .endMetadata()
                .withSpec(spec(holder, since == null ? now : since, now))
                .build();
        client.resource(renewed)
                .lockResourceVersion(seen.getMetadata().getResourceVersion())
                .update();
    }

    private static LeaseSpec spec(String holder, ZonedDateTime acquired, ZonedDateTime renewed) {
        LeaseSpec spec = new LeaseSpec();
        spec.setHolderIdentity(holder);
        spec.setAcquireTime(acquired);
        spec.setRenewTime(renewed);
        return spec;
    }

    private Optional<String> untilUndisturbed(String call, Supplier<Optional<String>> attempt) {
        for (int look = 1; ; look++) {
            try {
                return attempt.get();
            } catch (KubernetesClientException e) {
                if (e.getCode() != 409 || look == LOOKS) {
                    throw errors.of(call, e);
                }
            }
        }
    }

    private Resource<Lease> lease() {
        return client.leases().inNamespace(NAMESPACE).withName(NAME);
    }

    private static String holderOf(@Nullable Lease lease) {
        return lease == null || lease.getSpec() == null || lease.getSpec().getHolderIdentity() == null
                ? ""
                : lease.getSpec().getHolderIdentity();
    }
}
