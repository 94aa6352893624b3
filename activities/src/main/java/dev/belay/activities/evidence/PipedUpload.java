package dev.belay.activities.evidence;

import dev.belay.activities.StepFailure;
import io.minio.errors.MinioException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.security.DigestOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/**
 * Turns something that writes into something that can be read while it is sent. When the writer fails, the reader fails too: otherwise what
 * came until then would be taken for the whole. The pipe is the system's: java.io's breaks when the thread that read last has ended, and the
 * MinIO client reads each part in a thread of its own where the machine has two processors.
 */
final class PipedUpload {

    private final MessageDigest digest;
    private volatile boolean whole;
    private long bytes;

    PipedUpload(MessageDigest digest) {
        this.digest = digest;
    }

    /** Sends what the source writes; returns how many bytes it was. */
    long run(Evidence.Source source, Upload upload, Function<Exception, StepFailure> broken) {
        try {
            Pipe ends = Pipe.open();
            InputStream pipe = Channels.newInputStream(ends.source());
            OutputStream end = Channels.newOutputStream(ends.sink());
            FutureTask<Boolean> sending = new FutureTask<>(() -> send(upload, pipe));
            Thread thread = new Thread(sending, "belay-upload");
            thread.setDaemon(true);
            thread.start();
            write(source, end, sending, broken);
            return bytes;
        } catch (IOException e) {
            throw broken.apply(e);
        }
    }

    private void write(
            Evidence.Source source,
            OutputStream end,
            FutureTask<Boolean> sending,
            Function<Exception, StepFailure> broken)
            throws IOException {
        try (end;
                OutputStream sink = counted(new DigestOutputStream(end, digest))) {
            source.writeTo(sink);
            sink.flush();
            whole = true;
        } catch (IOException | RuntimeException e) {
            if (sending.isDone()) {
                await(sending, broken);
            }
            throw e;
        }
        await(sending, broken);
    }

    private static void await(FutureTask<Boolean> sending, Function<Exception, StepFailure> broken) {
        try {
            sending.get();
        } catch (InterruptedException e) {
            sending.cancel(true);
            Thread.currentThread().interrupt();
            throw broken.apply(new IOException("interrupted", e));
        } catch (ExecutionException e) {
            throw broken.apply(e.getCause() instanceof Exception cause ? cause : e);
        }
    }

    private boolean send(Upload upload, InputStream pipe) throws IOException, MinioException, GeneralSecurityException {
        try (InputStream content = wholeOnly(pipe)) {
            upload.of(content);
            return true;
        }
    }

    private OutputStream counted(OutputStream sink) {
        return new FilterOutputStream(sink) {
            @Override
            public void write(byte[] content, int from, int length) throws IOException {
                out.write(content, from, length);
                bytes += length;
            }

            @Override
            public void write(int one) throws IOException {
                out.write(one);
                bytes++;
            }
        };
    }

    private InputStream wholeOnly(InputStream pipe) {
        return new FilterInputStream(pipe) {
            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                return checked(in.read(into, from, length));
            }

            @Override
            public int read() throws IOException {
                return checked(in.read());
            }

            private int checked(int read) throws IOException {
                if (read < 0 && !whole) {
                    throw new IOException("what is stored broke off before its end");
                }
                return read;
            }
        };
    }

    /** Sends all of a stream. */
    @FunctionalInterface
    interface Upload {
        void of(InputStream content) throws IOException, MinioException, GeneralSecurityException;
    }
}
