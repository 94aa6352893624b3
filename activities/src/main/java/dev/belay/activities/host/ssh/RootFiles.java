package dev.belay.activities.host.ssh;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.Host;
import dev.belay.model.run.FailureKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.RemoteFile;
import net.schmizz.sshj.sftp.RenameFlags;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * Files of one host, read and written as root. A write goes to a hidden file beside its target (which neither kubelet nor apt reads), is
 * synced, and takes the target's name in one step; what an earlier write left behind is swept.
 */
final class RootFiles {

    private static final int LARGEST = 16 << 20;
    private static final int CHUNK = 32_000;
    private static final int WRITERS = 64;
    private static final int LANES = 4;

    private final SftpLine line;
    private final ExecutorService threads;
    private final List<ReentrantLock> writing =
            Stream.generate(ReentrantLock::new).limit(WRITERS).toList();
    private final SecureRandom random = new SecureRandom();

    RootFiles(SftpLine line, ExecutorService threads) {
        this.line = line;
        this.threads = threads;
    }

    Optional<byte[]> read(String path) {
        return line.with("reading " + path, absolute(path), sftp -> {
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
        write(absolute(path), new ByteArrayInputStream(content), attributes);
    }

    void writeAll(List<Host.NewContent> contents) {
        List<Future<?>> lanes = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            int first = lane;
            lanes.add(threads.submit(() -> writeLane(contents, first)));
        }
        Optional<StepFailure> failure = Optional.empty();
        for (Future<?> lane : lanes) {
            Optional<StepFailure> its = ended(lane);
            failure = failure.or(() -> its);
        }
        failure.ifPresent(first -> {
            throw first;
        });
    }

    private void writeLane(List<Host.NewContent> contents, int first) {
        for (int at = first; at < contents.size(); at += LANES) {
            Host.NewContent file = contents.get(at);
            upload(file.path(), file.content(), file.attributes());
        }
    }

    private Optional<StepFailure> ended(Future<?> lane) {
        try {
            lane.get();
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(SshFailures.interrupted(line.endpoint(), "writing files"));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StepFailure failure) {
                return Optional.of(failure);
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    void upload(String path, Host.Content content, FileAttributes attributes) {
        absolute(path);
        try (InputStream in = content.open()) {
            write(path, new UnreadableAsSuch(in), attributes);
        } catch (IOException e) {
            throw unreadable(path, e);
        } catch (SourceBroken e) {
            throw unreadable(path, e.why);
        }
    }

    /** Two writes of one file wait for each other: what the first has begun would be swept as left behind. */
    private void write(String path, InputStream content, FileAttributes attributes) {
        ReentrantLock own = writing.get(Math.floorMod(path.hashCode(), WRITERS));
        own.lock();
        try {
            line.with("writing " + path, path, sftp -> replaced(sftp, path, content, attributes));
        } finally {
            own.unlock();
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
        line.with("removing " + path, absolute(path), sftp -> {
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
        line.with("moving " + from + " to " + absolute(to), absolute(from), sftp -> {
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
        for (String left : sftp.leftIn(folder, hidden)) {
            sftp.remove(folder + "/" + left);
        }
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
            byte[] chunk = new byte[CHUNK];
            for (int length = content.read(chunk, 0, CHUNK); length >= 0; length = content.read(chunk, 0, CHUNK)) {
                file.append(chunk, length);
            }
            file.finish(new net.schmizz.sshj.sftp.FileAttributes.Builder()
                    .withUIDGID(attributes.uid(), attributes.gid())
                    .withPermissions(attributes.mode())
                    .build());
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
}
