package dev.belay.activities.host;

import dev.belay.model.kubernetes.NodeName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The SSH endpoint of one node. Failures: TRANSIENT/UNREACHABLE when it cannot be reached; PERMANENT/HOST_KEY_CHANGED,
 * PERMANENT/HOST_KEY_UNKNOWN, PERMANENT/AUTH_FAILED, PERMANENT/SUDO_REFUSED; an exit code is never a failure here. A file that the host
 * refuses is PERMANENT/FILE_REFUSED; a job key used before for another command PERMANENT/JOB_MISMATCH; while another job of Belay runs on
 * the host, TRANSIENT/HOST_BUSY, said once that job has ended.
 */
public interface Host {

    NodeName node();

    /**
     * Runs a short command and waits for it. Only for commands that read, or that may be repeated: when the connection is lost
     * meanwhile it is TRANSIENT/CONNECTION_LOST and the command may have run.
     */
    CommandOutput run(Command command);

    /** The file's bytes, read as root; empty when there is none. At most 16 MB. */
    Optional<byte[]> read(String path);

    /** Replaces a file atomically as root: written beside it with mode 0600, attributes set, synced, renamed. Parents must exist. */
    void write(String path, byte[] content, FileAttributes attributes);

    /**
     * Replaces several files, each as by {@link #write}, in any order and a few at a time. When one fails those under way end first;
     * then the first failure is thrown.
     */
    default void writeAll(List<NewContent> files) {
        files.forEach(file -> upload(file.path(), file.content(), file.attributes()));
    }

    /** As {@link #write}, for content of any size that is read as it is sent. */
    void upload(String path, Content content, FileAttributes attributes);

    /** Removes a file; does nothing when there is none. */
    void remove(String path);

    /** Gives a file another name as root, in one step; what bears that name already is replaced. Both lie in one file system. */
    void move(String from, String to);

    /** Every regular file and symbolic link under the paths, recursively, as root, sorted by path; paths that do not exist are left out. */
    List<FileEntry> list(List<String> paths);

    /**
     * Runs a long command as a detached job that survives the loss of the connection, of this process and of its own caller: started at
     * most once per key, and found again by it. Returns when the job has ended, or throws TRANSIENT while it cannot be followed.
     *
     * @param heartbeat called at least every two seconds while the job is followed
     */
    JobOutcome job(Job job, Runnable heartbeat);

    /**
     * Says whether a job was ever claimed under this key, whatever became of it. A step whose work is half visible while it runs asks
     * this before it believes what it sees.
     */
    boolean hasJob(String key);

    /**
     * What a web server answers with as this host reaches it; no program runs on the host. Empty when the server has no such page. At
     * most 8 MB. TRANSIENT/FETCH_FAILED when there is no answer, or another one than the page.
     *
     * @param address http or https
     */
    Optional<byte[]> fetch(URI address);

    /**
     * The certificates with which a TLS server answers, its own first, as this host reaches it. None is trusted, and nothing but the
     * handshake is said. TRANSIENT/TLS_FAILED when there is none.
     */
    List<X509Certificate> presented(String address, int port);

    /** How much clocks differ: the host's minus ours, to about a second. */
    Duration clockSkew();

    /** What a file shall be. */
    record NewContent(String path, Content content, FileAttributes attributes) {

        /** Of bytes that are at hand. */
        public static NewContent of(String path, byte[] bytes, FileAttributes attributes) {
            return new NewContent(path, () -> new ByteArrayInputStream(bytes), attributes);
        }
    }

    /** What is sent: opened once, and closed when all of it was read. One that cannot be read is PERMANENT/CONTENT_UNREADABLE. */
    @FunctionalInterface
    interface Content {
        InputStream open() throws IOException;
    }
}
