package dev.belay.activities.host.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port of this machine's loopback that leads to an address as a host sees it. A connection that cannot be opened over there is closed
 * here and nothing else: the next one is tried again, over a new SSH connection if need be.
 */
public final class LocalForward implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalForward.class);
    private static final int BUFFER = 64 * 1024;

    private final SshLine line;
    private final String host;
    private final int port;
    private final Executor threads;
    private final ServerSocket listener;
    private final CountDownLatch accepting = new CountDownLatch(1);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    LocalForward(SshLine line, String host, int port, Executor threads) throws IOException {
        this.line = line;
        this.host = host;
        this.port = port;
        this.threads = threads;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /** Where to connect on this machine. */
    public InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /** Ends every connection through it; nobody can connect any more when this returns. */
    @Override
    public void close() {
        quietly(listener);
        try {
            accepting.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        open.forEach(LocalForward::quietly);
    }

    private void accept() {
        try {
            acceptUntilClosed();
        } finally {
            accepting.countDown();
        }
    }

    private void acceptUntilClosed() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    LOG.warn("The forward to {} of {} accepts no more: {}", port, line.endpoint(), e.getMessage());
                    quietly(listener);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            try (DirectConnection channel = line.tunnel(host, port).channel()) {
                threads.execute(() -> upstream(socket, channel));
                copy(channel.getInputStream(), socket.getOutputStream());
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("A connection to {}:{} by {} ended: {}", host, port, line.endpoint(), SshFailures.text(e));
        } finally {
            open.remove(socket);
        }
    }

    private void upstream(Socket socket, DirectConnection channel) {
        try (OutputStream out = channel.getOutputStream()) {
            copy(socket.getInputStream(), out);
        } catch (IOException e) {
            quietly(socket);
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
            to.write(buffer, 0, count);
            to.flush();
        }
    }

    private static void quietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.debug("A socket did not close: {}", e.getMessage());
        }
    }
}
