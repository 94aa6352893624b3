package dev.belay.activities.host.ssh;

import com.hierynomus.sshj.sftp.RemoteResourceSelector;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.ShellQuoting;
import dev.belay.model.run.FailureKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.RemoteDirectory;
import net.schmizz.sshj.sftp.RemoteFile;
import net.schmizz.sshj.sftp.RemoteResourceInfo;
import net.schmizz.sshj.sftp.RenameFlags;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

/**
 * Files of one host, read and written as root. A write goes to a hidden file beside its target (which neither kubelet nor apt reads), is
 * synced, and takes the target's name in one step; what an earlier write left behind is swept.
 */
final class RootFiles {

    private static final int LARGEST = 16 << 20;
    private static final int WRITES_IN_FLIGHT = 64;
    private static final int CHUNK = 32_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> SERVERS = List.of(
            "/usr/lib/openssh/sftp-server",
            "/usr/libexec/openssh/sftp-server",
            "/usr/lib/ssh/sftp-server",
            "/usr/libexec/sftp-server");

    private final SshLine line;
    private final RemoteShell shell;
    private final ReentrantLock writing = new ReentrantLock();
    private final SecureRandom random = new SecureRandom();
    private volatile @Nullable String server;

    RootFiles(SshLine line, RemoteShell shell) {
        this.line = line;
        this.shell = shell;
    }

    Optional<byte[]> read(String path) {
        return with("reading " + path, absolute(path), sftp -> {
            try (RemoteFile file = sftp.open(path, EnumSet.of(OpenMode.READ))) {
                return Optional.of(content(file, path));
            } catch (SFTPException e) {
                if (e.getStatusCode() == StatusCode.NO_SUCH_FILE) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    void write(String path, byte[] content, FileAttributes attributes) {
        writing.lock();
        try {
            with(
                    "writing " + path,
                    absolute(path),
                    sftp -> replaced(sftp, path, new ByteArrayInputStream(content), attributes));
        } finally {
            writing.unlock();
        }
    }

    void upload(String path, Host.Content content, FileAttributes attributes) {
        absolute(path);
        try (InputStream in = content.open()) {
            UnreadableAsSuch source = new UnreadableAsSuch(in);
            writing.lock();
            try {
                with("writing " + path, path, sftp -> replaced(sftp, path, source, attributes));
            } finally {
                writing.unlock();
            }
        } catch (IOException e) {
            throw unreadable(path, e);
        } catch (SourceBroken e) {
            throw unreadable(path, e.why);
        }
    }

    private StepFailure unreadable(String path, IOException e) {
        return StepFailure.of(
                FailureKind.PERMANENT,
                "CONTENT_UNREADABLE",
                "what should become " + path + " on " + line.endpoint() + " cannot be read: " + SshFailures.text(e),
                "look at the store it comes from");
    }

    private static final class SourceBroken extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final IOException why;

        SourceBroken(IOException why) {
            super(why);
            this.why = why;
        }
    }

    /** Keeps a source that breaks apart from a connection that does. */
    private static final class UnreadableAsSuch extends FilterInputStream {

        UnreadableAsSuch(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] into, int from, int length) {
            try {
                return in.read(into, from, length);
            } catch (IOException e) {
                throw new SourceBroken(e);
            }
        }
    }

    void remove(String path) {
        with("removing " + path, absolute(path), sftp -> {
            try {
                sftp.remove(path);
                return true;
            } catch (SFTPException e) {
                if (e.getStatusCode() == StatusCode.NO_SUCH_FILE) {
                    return false;
                }
                throw e;
            }
        });
    }

    void move(String from, String to) {
        with("moving " + from + " to " + absolute(to), absolute(from), sftp -> {
            sftp.rename(from, to, EnumSet.of(RenameFlags.OVERWRITE));
            return true;
        });
    }

    static String absolute(String path) {
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a path on a host is absolute: " + path);
        }
        return path;
    }

    private boolean replaced(RootSftp sftp, String path, InputStream content, FileAttributes attributes)
            throws IOException {
        String folder = path.substring(0, Math.max(1, path.lastIndexOf('/')));
        String hidden = "." + path.substring(path.lastIndexOf('/') + 1) + ".belay-";
        sweep(sftp, folder, hidden);
        String beside = folder + "/" + hidden + Long.toHexString(random.nextLong());
        try {
            fill(sftp, beside, content, attributes);
            sftp.rename(beside, path, EnumSet.of(RenameFlags.OVERWRITE));
            return true;
        } catch (SourceBroken e) {
            discard(sftp, beside, e.why);
            throw e;
        } catch (IOException e) {
            discard(sftp, beside, e);
            throw e;
        }
    }

    private static void fill(RootSftp sftp, String path, InputStream content, FileAttributes attributes)
            throws IOException {
        try (RootSftp.NewFile file = sftp.create(path)) {
            try (OutputStream out = file.new RemoteFileOutputStream(0, WRITES_IN_FLIGHT)) {
                byte[] chunk = new byte[CHUNK];
                for (int length = content.read(chunk, 0, CHUNK); length >= 0; length = content.read(chunk, 0, CHUNK)) {
                    out.write(chunk, 0, length);
                }
            }
            file.setAttributes(new net.schmizz.sshj.sftp.FileAttributes.Builder()
                    .withUIDGID(attributes.uid(), attributes.gid())
                    .withPermissions(attributes.mode())
                    .build());
            file.sync();
        }
    }

    private static void sweep(RootSftp sftp, String folder, String hidden) throws IOException {
        try (RemoteDirectory directory = sftp.openDir(folder)) {
            for (RemoteResourceInfo entry : directory.scan(RemoteResourceSelector.ALL)) {
                if (entry.getName().startsWith(hidden)) {
                    sftp.remove(folder + "/" + entry.getName());
                }
            }
        }
    }

    private static void discard(RootSftp sftp, String path, IOException because) {
        try {
            sftp.remove(path);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    private static byte[] content(RemoteFile file, String path) throws IOException {
        if (file.length() > LARGEST) {
            throw StepFailure.of(
                    FailureKind.PERMANENT, "FILE_TOO_LARGE", path + " is larger than 16 MB", "is it the right file?");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (InputStream in = file.new RemoteFileInputStream()) {
            in.transferTo(bytes);
        }
        return bytes.toByteArray();
    }

    private <T> T with(String what, String path, Use<T> use) {
        String serverLine = Sudo.line(line.endpoint(), Map.of(), List.of(serverPath()));
        try (SshLine.Channel channel = line.open(LIMIT)) {
            return used(channel, serverLine, what, path, use);
        }
    }

    private <T> T used(SshLine.Channel channel, String serverLine, String what, String path, Use<T> use) {
        try (RootSftp sftp = new RootSftp(channel.session(), serverLine)) {
            return use.on(begun(sftp));
        } catch (SFTPException e) {
            throw channel.link().isAlive() ? refused(what, path, e) : lost(channel, what);
        } catch (IOException e) {
            channel.link().cut(SshFailures.text(e));
            throw lost(channel, what);
        }
    }

    private RootSftp begun(RootSftp sftp) throws IOException {
        try {
            sftp.init();
            return sftp;
        } catch (SFTPException e) {
            String complaint = sftp.complaint();
            Sudo.check(line.endpoint(), 1, complaint);
            throw new SFTPException(complaint.isBlank() ? SshFailures.text(e) : complaint.trim());
        }
    }

    private StepFailure refused(String what, String path, SFTPException e) {
        return StepFailure.of(
                FailureKind.PERMANENT,
                "FILE_REFUSED",
                line.endpoint() + ": " + what + " failed: " + SshFailures.text(e),
                "look at " + path + " and its folder on the host");
    }

    private StepFailure lost(SshLine.Channel channel, String what) {
        return SshFailures.lost(line.endpoint(), what, channel.link().whyEnded());
    }

    private String serverPath() {
        String found = server;
        if (found == null) {
            found = probed();
            server = found;
        }
        return found;
    }

    private String probed() {
        CappedBuffer out = new CappedBuffer(4096);
        List<String> argv =
                Stream.concat(Stream.of("ls", "--"), SERVERS.stream()).toList();
        shell.run("a look for sftp-server", ShellQuoting.line(argv), new byte[0], out, LIMIT);
        return out.text()
                .lines()
                .filter(SERVERS::contains)
                .findFirst()
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PERMANENT,
                        "NO_SFTP_SERVER",
                        line.endpoint() + " has no sftp-server in any of " + SERVERS,
                        "install OpenSSH's sftp server on the host"));
    }

    /** Something done over SFTP. */
    @FunctionalInterface
    private interface Use<T> {
        T on(RootSftp sftp) throws IOException;
    }
}
