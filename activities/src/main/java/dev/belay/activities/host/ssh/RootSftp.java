package dev.belay.activities.host.ssh;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.connection.channel.direct.SessionFactory;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.RemoteFile;
import net.schmizz.sshj.sftp.SFTPEngine;

/** SFTP as root: the server is started by {@code sudo} on an ordinary channel, instead of as a subsystem of the login. */
final class RootSftp extends SFTPEngine {

    private final Session.Command server;

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

    /** A file that can be synced to the disk. */
    final class NewFile extends RemoteFile {

        private NewFile(String path, byte[] handle) {
            super(RootSftp.this, path, handle);
        }

        void sync() throws IOException {
            RootSftp.this
                    .request(newExtendedRequest("fsync@openssh.com").putString(handle))
                    .retrieve(getTimeoutMs(), TimeUnit.MILLISECONDS)
                    .ensureStatusPacketIsOK();
        }
    }
}
