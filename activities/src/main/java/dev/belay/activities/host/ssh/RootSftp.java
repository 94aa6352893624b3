package dev.belay.activities.host.ssh;

import com.hierynomus.sshj.sftp.RemoteResourceSelector;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.connection.channel.direct.SessionFactory;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.RemoteDirectory;
import net.schmizz.sshj.sftp.RemoteFile;
import net.schmizz.sshj.sftp.RemoteResourceInfo;
import net.schmizz.sshj.sftp.Request;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPEngine;
import net.schmizz.sshj.sftp.SFTPException;

/** SFTP as root: the server is started by {@code sudo} on an ordinary channel, instead of as a subsystem of the login. */
final class RootSftp extends SFTPEngine {

    private final Session.Command server;
    private final Map<String, Set<String>> seen = new ConcurrentHashMap<>();

    /** Starts the server by this command line, on a session that has not been used. */
    RootSftp(Session session, String serverLine) throws SSHException {
        super(new OneSession(answeringSubsystem(session, serverLine)));
        this.server = (Session.Command) sub;
    }

    /** What the server, or sudo, wrote to standard error; asked after it has ended. */
    String complaint() throws IOException {
        CappedBuffer err = new CappedBuffer(2000);
        server.getErrorStream().transferTo(err);
        return err.text();
    }

    /** The library's reader tells those who wait when the server ends; who asks after that would wait for the whole limit. */
    @Override
    public Promise<Response, SFTPException> request(Request request) throws IOException {
        Promise<Response, SFTPException> answer = super.request(request);
        if (!reader.isAlive()) {
            throw new SFTPException("the SFTP server has ended");
        }
        return answer;
    }

    boolean isAlive() {
        return reader.isAlive();
    }

    /** A file that did not exist, readable by nobody else from its first byte. */
    NewFile create(String path) throws IOException {
        FileAttributes mode = new FileAttributes.Builder().withPermissions(0600).build();
        byte[] handle = request(newRequest(PacketType.OPEN)
                        .putString(path, sub.getRemoteCharset())
                        .putUInt32(OpenMode.toMask(EnumSet.of(OpenMode.WRITE, OpenMode.CREAT, OpenMode.EXCL)))
                        .putFileAttributes(mode))
                .retrieve(getTimeoutMs(), TimeUnit.MILLISECONDS)
                .ensurePacketTypeIs(PacketType.HANDLE)
                .readBytes();
        return new NewFile(path, handle);
    }

    private static Session answeringSubsystem(Session session, String serverLine) {
        return (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("startSubsystem")) {
                        return session.exec(serverLine);
                    }
                    try {
                        return method.invoke(session, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** The engine asks for a session and for an address to name its thread by. */
    private record OneSession(Session session) implements SessionFactory {

        @Override
        public Session startSession() {
            return session;
        }

        @Override
        public InetSocketAddress getRemoteSocketAddress() {
            return InetSocketAddress.createUnresolved("sftp", 0);
        }
    }

    /**
     * Names in a folder that begin so and were there when this session first looked: one look serves all files that are written into the
     * folder.
     */
    List<String> leftIn(String folder, String start) throws IOException {
        Set<String> names = seen.get(folder);
        if (names == null) {
            names = hiddenIn(folder);
            seen.put(folder, names);
        }
        List<String> left =
                names.stream().filter(name -> name.startsWith(start)).toList();
        left.forEach(names::remove);
        return left;
    }

    private Set<String> hiddenIn(String folder) throws IOException {
        Set<String> names = ConcurrentHashMap.newKeySet();
        try (RemoteDirectory directory = openDir(folder)) {
            for (RemoteResourceInfo entry : directory.scan(RemoteResourceSelector.ALL)) {
                if (entry.getName().startsWith(".")) {
                    names.add(entry.getName());
                }
            }
        }
        return names;
    }

    /**
     * A file that is sent without waiting for each answer. OpenSSH's server works a session's requests off in their order, so that what ends a
     * file can follow its bytes at once.
     */
    final class NewFile extends RemoteFile {

        private static final int IN_FLIGHT = 64;

        private final Deque<Promise<Response, SFTPException>> unanswered = new ArrayDeque<>();
        private long length;
        private boolean closed;

        private NewFile(String path, byte[] handle) {
            super(RootSftp.this, path, handle);
        }

        void append(byte[] chunk, int bytes) throws IOException {
            unanswered.add(asyncWrite(length, chunk, 0, bytes));
            length += bytes;
            if (unanswered.size() > IN_FLIGHT) {
                confirm();
            }
        }

        /** Its attributes, and all of it on the disk. */
        void finish(FileAttributes attributes) throws IOException {
            unanswered.add(send(newRequest(PacketType.FSETSTAT).putFileAttributes(attributes)));
            unanswered.add(send(newExtendedRequest("fsync@openssh.com").putString(handle)));
            closed = true;
            unanswered.add(send(newRequest(PacketType.CLOSE)));
            while (!unanswered.isEmpty()) {
                confirm();
            }
        }

        private Promise<Response, SFTPException> send(Request request) throws IOException {
            return RootSftp.this.request(request);
        }

        private void confirm() throws IOException {
            unanswered.remove().retrieve(getTimeoutMs(), TimeUnit.MILLISECONDS).ensureStatusPacketIsOK();
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                super.close();
            }
        }
    }
}
