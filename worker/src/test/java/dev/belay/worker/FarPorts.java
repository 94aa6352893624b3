package dev.belay.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belay.activities.Ports;
import dev.belay.activities.StepClock;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.etcd.ScratchMember;
import dev.belay.activities.evidence.Evidence;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Hosts;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.plan.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The ports of one step, of a twin in another process. */
record FarPorts(int twin, String step) implements Ports {

    private static final ObjectMapper JSON = Json.mapper();

    @Override
    public Cluster inventory() {
        return JSON.convertValue(
                end(new FarCall(step, "inventory", "", List.of())).value(), Cluster.class);
    }

    @Override
    public Hosts hosts() {
        return node -> port(Host.class, "host/" + node);
    }

    @Override
    public EtcdCluster etcd() {
        return port(EtcdCluster.class, "etcd");
    }

    @Override
    public KubeCluster kube() {
        return port(KubeCluster.class, "kube");
    }

    @Override
    public Evidence evidence() {
        return port(Evidence.class, "evidence");
    }

    @Override
    public StepClock clock() {
        return port(StepClock.class, "clock");
    }

    FarNotices notices() {
        return port(FarNotices.class, "notices");
    }

    @Override
    public void close() {}

    private <T> T port(Class<T> type, String name) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call(name, method, arguments == null ? new Object[0] : arguments)));
    }

    private @Nullable Object call(String port, Method method, Object[] arguments) throws IOException {
        if (method.getReturnType() == ScratchMember.class) {
            return port(ScratchMember.class, "scratch/" + arguments[0] + "/" + arguments[1]);
        }
        if (method.getName().equals("open")) {
            return evidence().read((String) arguments[0]).map(ByteArrayInputStream::new);
        }
        List<JsonNode> sent = new ArrayList<>();
        for (Object argument : arguments) {
            sent.add(JSON.valueToTree(carried(argument)));
        }
        FarCall call = new FarCall(step, port, method.getName(), sent);
        FarCall.End end = followed(CompletableFuture.supplyAsync(() -> end(call)), arguments);
        for (Object argument : arguments) {
            if (argument instanceof OutputStream stream) {
                stream.write(JSON.convertValue(end.written(), byte[].class));
            }
        }
        Type type = method.getGenericReturnType();
        return type == void.class
                ? null
                : JSON.readerFor(JSON.constructType(type)).readValue(end.value());
    }

    private static @Nullable Object carried(Object argument) throws IOException {
        if (argument instanceof Evidence.Source source) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            source.writeTo(bytes);
            return bytes.toByteArray();
        }
        if (argument instanceof Host.Content content) {
            try (InputStream in = content.open()) {
                return in.readAllBytes();
            }
        }
        return argument instanceof Runnable || argument instanceof OutputStream ? null : argument;
    }

    /** Waits, with a heartbeat every second where there is one. */
    private static FarCall.End followed(CompletableFuture<FarCall.End> end, Object[] arguments) {
        while (true) {
            try {
                return end.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException stillUnderWay) {
                for (Object argument : arguments) {
                    if (argument instanceof Runnable heartbeat) {
                        heartbeat.run();
                    }
                }
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException thrown ? thrown : new IllegalStateException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private FarCall.End end(FarCall call) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), twin)) {
            FarCall.send(socket, call);
            FarCall.End end = FarCall.receive(socket, FarCall.End.class);
            if (end.failure() != null) {
                throw new StepFailure(end.failure());
            }
            if (end.bug() != null) {
                throw new IllegalStateException(end.bug());
            }
            return end;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
