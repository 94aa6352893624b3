package dev.belay.activities.kube.fabric8;

import dev.belay.activities.StepFailure;
import dev.belay.model.run.FailureKind;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The client for the kubeconfig as it is now. {@code kubeadm upgrade apply} renews the administrator's certificate: the client, and with it
 * its connections, lasts until the content changes or the API answers 401. A file that cannot be used, since it is just being written,
 * changes nothing. The one before stays open for the calls it still carries.
 */
final class CurrentApi implements AutoCloseable {

    /** A client of one content. */
    record Api(Config config, KubernetesClient client, ApiErrors errors, RawApi raw) {

        boolean sameClusterAs(Api other) {
            return config.getMasterUrl().equals(other.config.getMasterUrl())
                    && Objects.equals(config.getCaCertData(), other.config.getCaCertData());
        }
    }

    private final KubeconfigSource source;
    private final Duration request;
    private final AtomicBoolean unknown = new AtomicBoolean();
    private byte[] content;
    private Api now;
    private @Nullable Api before;

    CurrentApi(KubeconfigSource source, Duration request) {
        this.source = source;
        this.request = request;
        this.content = source.content().get();
        this.now = connect(content);
    }

    synchronized Api get() {
        boolean anew = unknown.getAndSet(false);
        if (anew || source.always()) {
            follow(anew);
        }
        return now;
    }

    private void follow(boolean anew) {
        Optional<byte[]> read = read();
        if (read.isPresent() && (anew || !Arrays.equals(read.get(), content))) {
            usable(read.get()).ifPresent(api -> replace(read.get(), api));
        }
    }

    private Optional<byte[]> read() {
        try {
            return Optional.of(source.content().get());
        } catch (StepFailure notThere) {
            return Optional.empty();
        }
    }

    private Optional<Api> usable(byte[] read) {
        try {
            return Optional.of(connect(read));
        } catch (StepFailure halfWritten) {
            return Optional.empty();
        }
    }

    private void replace(byte[] read, Api api) {
        if (!api.sameClusterAs(now)) {
            api.client().close();
            throw StepFailure.of(
                    FailureKind.TRANSIENT,
                    "KUBECONFIG_CHANGED",
                    "the kubeconfig " + source.name() + " now names the API at "
                            + api.config().getMasterUrl()
                            + ", or another authority for it; this worker began with "
                            + now.config().getMasterUrl(),
                    "put the kubeconfig of this cluster back; if the cluster itself moved, start the worker again");
        }
        Api retired = before;
        if (retired != null) {
            retired.client().close();
        }
        before = now;
        now = api;
        content = read;
    }

    private Api connect(byte[] kubeconfig) {
        Config config = Kubeconfig.parse(kubeconfig, source.name(), request);
        KubernetesClient client = client(config);
        ApiErrors errors = new ApiErrors(client.getMasterUrl().toString(), () -> unknown.set(true));
        return new Api(config, client, errors, new RawApi(client, errors, request));
    }

    private KubernetesClient client(Config config) {
        try {
            KubernetesClient built = new KubernetesClientBuilder()
                    .withConfig(config)
                    .withHttpClientFactory(new JdkHttpClientFactory())
                    .withHttpClientBuilderConsumer(
                            http -> http.addOrReplaceInterceptor(BodyDeadline.NAME, new BodyDeadline(request)))
                    .build();
            built.getHttpClient();
            return built;
        } catch (RuntimeException e) {
            throw Kubeconfig.unusable(source.name(), ApiErrors.rootMessage(e));
        }
    }

    @Override
    public synchronized void close() {
        now.client().close();
        Api retired = before;
        if (retired != null) {
            retired.client().close();
        }
    }
}
