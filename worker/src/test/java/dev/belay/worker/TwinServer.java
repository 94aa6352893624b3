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
import dev.belay.activities.kube.KubeCluster;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Json;
import dev.belay.twin.Connection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One worker process's way to the twin, which stays in this JVM: its ports on a loopback socket. */
final class TwinServer implements AutoCloseable {

    private final ObjectMapper json = Json.mapper();
    private final Connection way;
    private final FarNotices notices;
    private final ServerSocket door;
    private final ExecutorService calls = Executors.newCachedThreadPool(TwinServer::daemon);
    private final Map<String, Ports> steps = new ConcurrentHashMap<>();

    TwinServer(Connection way, FarNotices notices) {
        this.way = way;
        this.notices = notices;
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        calls.execute(this::admit);
    }

    int port() {
        return door.getLocalPort();
    }

    private void admit() {
        try {
            while (true) {
                Socket socket = door.accept();
                calls.execute(() -> serve(socket));
            }
        } catch (IOException closed) {
            calls.shutdown();
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            FarCall.send(socket, end(FarCall.receive(socket, FarCall.class)));
        } catch (IOException callerIsGone) {
            way.cut();
        }
    }

    private FarCall.End end(FarCall call) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try {
            JsonNode value = json.valueToTree(answer(call, written));
            return new FarCall.End(value, json.valueToTree(written.toByteArray()), null, null);
        } catch (StepFailure e) {
            return new FarCall.End(null, null, e.failure(), null);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return new FarCall.End(null, null, null, e.toString());
        }
    }

    private Object answer(FarCall call, OutputStream written) throws ReflectiveOperationException {
        String[] port = call.port().split("/", 2);
        Ports ports = steps.computeIfAbsent(call.step(), step -> way.ports());
        return switch (port[0]) {
            case "inventory" -> ports.inventory();
            case "host" -> invoke(Host.class, ports.hosts().on(new NodeName(port[1])), call, written);
            case "scratch" -> invoke(ScratchMember.class, scratch(ports, port[1].split("/", 2)), call, written);
            case "etcd" -> invoke(EtcdCluster.class, ports.etcd(), call, written);
            case "kube" -> invoke(KubeCluster.class, ports.kube(), call, written);
            case "evidence" -> invoke(Evidence.class, ports.evidence(), call, written);
            case "clock" -> invoke(StepClock.class, ports.clock(), call, written);
            default -> invoke(FarNotices.class, notices, call, written);
        };
    }

    private static ScratchMember scratch(Ports ports, String[] place) {
        return ports.etcd().scratch(new NodeName(place[0]), Integer.parseInt(place[1]));
    }

    private Object invoke(Class<?> type, Object port, FarCall call, OutputStream written)
            throws ReflectiveOperationException {
        Method method = call.of(type);
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = argument(
                    method.getGenericParameterTypes()[i], call.arguments().get(i), written);
        }
        try {
            return method.invoke(port, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            throw e;
        }
    }

    private Object argument(Type type, JsonNode sent, OutputStream written) {
        if (type == Runnable.class) {
            return (Runnable) () -> {};
        }
        if (type == OutputStream.class) {
            return written;
        }
        if (type == Evidence.Source.class) {
            byte[] content = json.convertValue(sent, byte[].class);
            return (Evidence.Source) sink -> sink.write(content);
        }
        if (type == Host.Content.class) {
            byte[] content = json.convertValue(sent, byte[].class);
            return (Host.Content) () -> new ByteArrayInputStream(content);
        }
        return json.convertValue(sent, json.constructType(type));
    }

    @Override
    public void close() throws IOException {
        door.close();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "twin-server");
        thread.setDaemon(true);
        return thread;
    }
}
