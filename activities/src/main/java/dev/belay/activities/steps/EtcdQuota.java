package dev.belay.activities.steps;

import dev.belay.activities.StepContext;
import dev.belay.model.kubernetes.NodeName;
import java.util.Optional;

/** How large a member's database may become, in bytes: what the member was told, or etcd's default of 2 GiB. */
public final class EtcdQuota {

    private static final long DEFAULT = 2L << 30;

    private EtcdQuota() {}

    public static long of(StepContext context, String member) {
        Optional<String> flag = NodeName.isValid(member)
                ? EtcdSettings.of(context.inventory(), context.hosts().on(new NodeName(member)))
                        .flatMap(settings -> settings.flag("--quota-backend-bytes"))
                : Optional.empty();
        return flag.filter(text -> text.matches("[1-9]\\d{0,17}"))
                .map(Long::parseLong)
                .orElse(DEFAULT);
    }
}
