package dev.belay.lab.etcd;

import com.google.protobuf.ByteString;
import dev.belay.activities.etcd.jetcd.EtcdCredentials;
import dev.belay.activities.etcd.jetcd.EtcdDialer;
import dev.belay.activities.etcd.jetcd.JetcdCluster;
import dev.belay.activities.fake.TestAuthority;
import dev.belay.model.kubernetes.NodeName;
import io.etcd.jetcd.api.AlarmMember;
import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.AlarmRequest.AlarmAction;
import io.etcd.jetcd.api.AlarmType;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Three processes of a real etcd on loopback, with mutual TLS between them and towards us. */
public final class RealEtcd implements AutoCloseable {

    public static final List<String> NAMES = List.of("cp1", "cp2", "cp3");

    private static final int TRIES = 120;

    private final Path binary;
    private final Path folder;
    private final List<String> flags;
    private final TestAuthority certificates = new TestAuthority();
    private final TestAuthority.Issued client = certificates.client();
    private final Map<String, Integer> clientPorts = new HashMap<>();
    private final Map<String, Integer> peerPorts = new HashMap<>();
    private final Map<String, Process> processes = new HashMap<>();
    private final Map<String, Path> binaries = new HashMap<>();
    private final Set<String> joining = new HashSet<>();
    private int written;

    private RealEtcd(Path binary, Path folder, List<String> flags) throws IOException {
        this.flags = flags;
        this.binary = binary;
        this.folder = folder;
        Files.writeString(folder.resolve("ca.crt"), certificates.authority());
        List<Integer> free = freePorts(2 * NAMES.size());
        for (int at = 0; at < NAMES.size(); at++) {
            clientPorts.put(NAMES.get(at), free.get(2 * at));
            peerPorts.put(NAMES.get(at), free.get(2 * at + 1));
            certificates.server(NAMES.get(at)).writeTo(folder, NAMES.get(at));
        }
    }

    /** Three members of a program, started with some more flags, and once written to. */
    public static RealEtcd running(Path binary, Path folder, String... flags) throws IOException {
        RealEtcd real = new RealEtcd(binary, folder, List.of(flags));
        NAMES.forEach(real::start);
        real.write();
        return real;
    }

    /** The members as the product asks them; whoever takes it closes it. */
    JetcdCluster cluster() {
        return through(this::address, credentials());
    }

    static JetcdCluster through(EtcdDialer way, EtcdCredentials credentials) {
        return new JetcdCluster(NAMES.stream().map(NodeName::new).toList(), node -> credentials, way);
    }

    public EtcdCredentials credentials() {
        return new EtcdCredentials(certificates.authority(), client.certificate(), client.key());
    }

    public InetSocketAddress address(NodeName node) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), clientPorts.get(node.value()));
    }

    public void start(String name) {
        Process known = processes.get(name);
        if (known != null && known.isAlive()) {
            return;
        }
        try {
            processes.put(
                    name,
                    new ProcessBuilder(command(name))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                    folder.resolve(name + ".log").toFile()))
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a member with another program from now on. */
    public void start(String name, Path program) {
        binaries.put(name, program);
        start(name);
    }

    public long pid(String name) {
        return processes.get(name).pid();
    }

    public void stop(String name) {
        Process process = processes.get(name);
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Removes the data of a member that is stopped. */
    void lose(String name) {
        try (Stream<Path> files = Files.walk(folder.resolve(name))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a member that joins the others instead of beginning a cluster with them. */
    void join(String name) {
        joining.add(name);
        start(name);
    }

    /** Sets the data of a stopped member aside, and makes them anew of a snapshot with the etcdutl beside the program. */
    public void restore(String name, byte[] snapshot, String token, long bump) {
        Path file = folder.resolve(name + ".snapshot");
        try {
            Files.move(folder.resolve(name), folder.resolve(name + ".before"));
            Files.write(file, snapshot);
            Process tool = new ProcessBuilder(
                            binary.resolveSibling("etcdutl").toString(),
                            "snapshot",
                            "restore",
                            file.toString(),
                            "--name=" + name,
                            "--initial-cluster=" + everyPeer(),
                            "--initial-advertise-peer-urls=https://127.0.0.1:" + peerPorts.get(name),
                            "--initial-cluster-token=" + token,
                            "--data-dir=" + folder.resolve(name),
                            "--bump-revision=" + bump,
                            "--mark-compacted")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (tool.waitFor() != 0) {
                throw new IllegalStateException("etcdutl: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops it from running without ending it, as a hung machine; {@code thaw} lets it go on. */
    public void freeze(String name) {
        signal("-STOP", name);
    }

    public void thaw(String name) {
        signal("-CONT", name);
    }

    /** Writes one key through any member that takes it. */
    public void write() {
        PutRequest put = PutRequest.newBuilder()
                .setKey(bytes("/registry/test/" + written++))
                .setValue(bytes("value " + written))
                .build();
        onAny(channel -> KVGrpc.newBlockingStub(channel)
                .withDeadlineAfter(5, TimeUnit.SECONDS)
                .put(put));
    }

    /** Overwrites one key with so many bytes, asked of one member once; false when it finds no room. */
    boolean overwrite(int size) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(address(new NodeName(NAMES.get(0))))
                .sslContext(tls())
                .overrideAuthority(NAMES.get(0))
                .build();
        try {
            KVGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(5, TimeUnit.SECONDS)
                    .put(PutRequest.newBuilder()
                            .setKey(bytes("/registry/test/large"))
                            .setValue(bytes("x".repeat(size)))
                            .build());
            return true;
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.RESOURCE_EXHAUSTED) {
                throw e;
            }
            return false;
        } finally {
            channel.shutdownNow();
        }
    }

    public void raise(String memberId, int alarm) {
        AlarmRequest activate = AlarmRequest.newBuilder()
                .setAction(AlarmAction.ACTIVATE)
                .setMemberID(Long.parseUnsignedLong(memberId))
                .setAlarmValue(alarm)
                .build();
        onAny(channel -> MaintenanceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(5, TimeUnit.SECONDS)
                .alarm(activate));
    }

    public void disarm() {
        AlarmRequest list = AlarmRequest.newBuilder()
                .setAction(AlarmAction.GET)
                .setAlarm(AlarmType.NONE)
                .build();
        List<AlarmMember> alarms = onAny(channel -> MaintenanceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(5, TimeUnit.SECONDS)
                .alarm(list)
                .getAlarmsList());
        for (AlarmMember alarm : alarms) {
            AlarmRequest deactivate = AlarmRequest.newBuilder()
                    .setAction(AlarmAction.DEACTIVATE)
                    .setMemberID(alarm.getMemberID())
                    .setAlarmValue(alarm.getAlarmValue())
                    .build();
            onAny(channel -> MaintenanceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(5, TimeUnit.SECONDS)
                    .alarm(deactivate));
        }
    }

    @Override
    public void close() {
        processes.values().forEach(Process::destroyForcibly);
    }

    private List<String> command(String name) {
        String client = "https://127.0.0.1:" + clientPorts.get(name);
        String peer = "https://127.0.0.1:" + peerPorts.get(name);
        List<String> command =
                new ArrayList<>(List.of(binaries.getOrDefault(name, binary).toString(), "--name=" + name));
        command.add("--data-dir=" + folder.resolve(name));
        command.add("--listen-client-urls=" + client);
        command.add("--advertise-client-urls=" + client);
        command.add("--listen-peer-urls=" + peer);
        command.add("--initial-advertise-peer-urls=" + peer);
        command.add("--initial-cluster=" + everyPeer());
        command.add("--initial-cluster-state=" + (joining.contains(name) ? "existing" : "new"));
        for (String side : List.of("", "peer-")) {
            command.add("--" + side + "cert-file=" + folder.resolve(name + ".crt"));
            command.add("--" + side + "key-file=" + folder.resolve(name + ".key"));
            command.add("--" + side + "trusted-ca-file=" + folder.resolve("ca.crt"));
            command.add("--" + side + "client-cert-auth=true");
        }
        command.addAll(flags);
        return command;
    }

    private String everyPeer() {
        return NAMES.stream()
                .map(name -> name + "=https://127.0.0.1:" + peerPorts.get(name))
                .collect(Collectors.joining(","));
    }

    private <T> T onAny(Function<ManagedChannel, T> call) {
        StatusRuntimeException last = null;
        for (int look = 0; look < TRIES; look++) {
            String name = NAMES.get(look % NAMES.size());
            ManagedChannel channel = NettyChannelBuilder.forAddress(address(new NodeName(name)))
                    .sslContext(tls())
                    .overrideAuthority(name)
                    .build();
            try {
                return call.apply(channel);
            } catch (StatusRuntimeException e) {
                last = e;
                rest();
            } finally {
                channel.shutdownNow();
            }
        }
        throw new IllegalStateException("no member of the test's etcd takes the call", last);
    }

    private SslContext tls() {
        try {
            return GrpcSslContexts.forClient()
                    .trustManager(stream(certificates.authority()))
                    .keyManager(stream(client.certificate()), stream(client.key()))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void signal(String signal, String name) {
        try {
            new ProcessBuilder("kill", signal, Long.toString(processes.get(name).pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rest() {
        try {
            Thread.sleep(250);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int at = 0; at < count; at++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
