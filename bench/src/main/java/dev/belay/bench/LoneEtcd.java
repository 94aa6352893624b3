package dev.belay.bench;

import com.google.protobuf.ByteString;
import dev.belay.activities.etcd.jetcd.EtcdCredentials;
import dev.belay.activities.etcd.jetcd.JetcdCluster;
import dev.belay.model.kubernetes.NodeName;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** One member of a real etcd on loopback, with the mutual TLS of kubeadm's; ended and removed when closed. */
final class LoneEtcd implements AutoCloseable {

    static final NodeName NODE = new NodeName("cp1");

    private static final int VALUE = 256 << 10;
    private static final int QUOTA = 2000 << 20;

    private final Path programs;
    private final Path folder;
    private final int port;
    private final Process process;

    private LoneEtcd(Path programs, Path folder, List<Integer> ports) throws Exception {
        this.programs = programs;
        this.folder = folder;
        this.port = ports.get(0);
        certificates();
        this.process = start(ports.get(1));
    }

    /** @param programs the folder of {@code etcd} and {@code etcdctl} */
    static LoneEtcd started(Path programs) throws Exception {
        return new LoneEtcd(programs, Files.createTempDirectory("belay-bench-etcd-"), freePorts(2));
    }

    Path folder() {
        return folder;
    }

    /** A member of another process, by its folder. */
    static JetcdCluster cluster(Path folder, int port) throws IOException {
        EtcdCredentials credentials = credentials(folder);
        return new JetcdCluster(
                List.of(NODE),
                node -> credentials,
                node -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    int port() {
        return port;
    }

    /** Values that do not compress, as many as make so many megabytes. */
    void fill(int megabytes) throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(file("ca.crt").toFile())
                        .keyManager(
                                file("client.crt").toFile(), file("client.key").toFile())
                        .build())
                .overrideAuthority(NODE.value())
                .build();
        try {
            byte[] value = new byte[VALUE];
            Random random = new Random(1);
            for (int key = 0; key < megabytes * (1 << 20) / VALUE; key++) {
                random.nextBytes(value);
                put(channel, "/registry/bench/" + key, value);
            }
        } finally {
            channel.shutdownNow();
        }
    }

    private static void put(ManagedChannel channel, String key, byte[] value) {
        KVGrpc.newBlockingStub(channel)
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .put(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFrom(value))
                        .build());
    }

    /** {@code etcdctl} with the same certificates. */
    String[] etcdctl(String... words) {
        List<String> argv = new ArrayList<>(List.of(
                programs.resolve("etcdctl").toString(),
                "--endpoints=https://127.0.0.1:" + port,
                "--cacert=" + file("ca.crt"),
                "--cert=" + file("client.crt"),
                "--key=" + file("client.key")));
        argv.addAll(List.of(words));
        return argv.toArray(String[]::new);
    }

    private static EtcdCredentials credentials(Path folder) throws IOException {
        return new EtcdCredentials(
                Files.readString(folder.resolve("ca.crt")),
                Files.readString(folder.resolve("client.crt")),
                Files.readString(folder.resolve("client.key")));
    }

    private void certificates() throws Exception {
        openssl(
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=etcd-ca",
                "-keyout",
                "ca.key",
                "-out",
                "ca.crt");
        for (String name : List.of("server", "client")) {
            openssl(
                    "req",
                    "-newkey",
                    "rsa:2048",
                    "-nodes",
                    "-subj",
                    "/CN=" + name,
                    "-keyout",
                    name + ".key",
                    "-out",
                    name + ".csr");
            Files.writeString(file(name + ".ext"), "subjectAltName=DNS:" + NODE + ",DNS:localhost,IP:127.0.0.1\n");
            openssl(
                    "x509",
                    "-req",
                    "-in",
                    name + ".csr",
                    "-CA",
                    "ca.crt",
                    "-CAkey",
                    "ca.key",
                    "-CAcreateserial",
                    "-extfile",
                    name + ".ext",
                    "-out",
                    name + ".crt");
        }
    }

    private void openssl(String... words) throws Exception {
        List<String> argv = new ArrayList<>(List.of("openssl"));
        argv.addAll(List.of(words));
        SshFleet.quietly(folder, argv.toArray(String[]::new));
    }

    private Process start(int peerPort) throws IOException {
        String client = "https://127.0.0.1:" + port;
        String peer = "http://127.0.0.1:" + peerPort;
        return new ProcessBuilder(
                        programs.resolve("etcd").toString(),
                        "--name=" + NODE,
                        "--data-dir=" + file("data"),
                        "--quota-backend-bytes=" + QUOTA,
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=" + NODE + "=" + peer,
                        "--cert-file=" + file("server.crt"),
                        "--key-file=" + file("server.key"),
                        "--trusted-ca-file=" + file("ca.crt"),
                        "--client-cert-auth=true")
                .redirectErrorStream(true)
                .redirectOutput(file("log").toFile())
                .start();
    }

    private Path file(String name) {
        return folder.resolve(name);
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

    @Override
    public void close() throws Exception {
        process.destroyForcibly().waitFor();
        Folders.remove(folder);
    }
}
