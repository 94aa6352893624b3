package dev.belay.activities.host.ssh;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Buffer.PlainBuffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.SSHRuntimeException;

/** A running ssh-agent at its socket (draft-ietf-sshm-ssh-agent). Each question is a connection of its own, and ends with its limit. */
final class SshAgent {

    private static final int FAILURE = 5;
    private static final int REQUEST_IDENTITIES = 11;
    private static final int IDENTITIES = 12;
    private static final int REQUEST_SIGNATURE = 13;
    private static final int SIGNATURE = 14;
    private static final int LONGEST = 256 * 1024;
    private static final int MOST_KEYS = 2048;

    private final Path socket;
    private final Executor limit;

    SshAgent(Path socket, Duration limit) {
        this.socket = socket;
        this.limit = CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The keys of kinds that we know, in the agent's order. */
    List<PublicKey> keys() throws IOException {
        PlainBuffer answer = ask(new PlainBuffer().putByte((byte) REQUEST_IDENTITIES), IDENTITIES);
        int count = answer.readUInt32AsInt();
        if (count > MOST_KEYS) {
            throw new IOException("it claims to hold " + count + " keys");
        }
        List<PublicKey> keys = new ArrayList<>();
        for (int each = 0; each < count; each++) {
            add(answer.readBytes(), keys);
            answer.readBytes();
        }
        return keys;
    }

    private static void add(byte[] blob, List<PublicKey> keys) {
        try {
            PublicKey key = new PlainBuffer(blob).readPublicKey();
            if (KeyType.fromKey(key) != KeyType.UNKNOWN) {
                keys.add(key);
            }
        } catch (IOException | SSHRuntimeException kindWeDoNotKnow) {
            return;
        }
    }

    /** The signature with its algorithm, as it goes to the server. */
    byte[] sign(PublicKey key, byte[] content, int flags) throws IOException {
        PlainBuffer request = new PlainBuffer()
                .putByte((byte) REQUEST_SIGNATURE)
                .putString(new PlainBuffer().putPublicKey(key).getCompactData())
                .putString(content)
                .putUInt32(flags);
        return ask(request, SIGNATURE).readBytes();
    }

    private PlainBuffer ask(PlainBuffer request, int wanted) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            limit.execute(() -> end(channel));
            channel.connect(UnixDomainSocketAddress.of(socket));
            write(channel, new PlainBuffer().putString(request.getCompactData()).getCompactData());
            int length = read(channel, Integer.BYTES).readUInt32AsInt();
            if (length < 1 || length > LONGEST) {
                throw new IOException("it answers with " + length + " bytes");
            }
            return checked(read(channel, length), wanted);
        } catch (Buffer.BufferException e) {
            throw new IOException("its answer cannot be read: " + e.getMessage(), e);
        }
    }

    private static PlainBuffer checked(PlainBuffer answer, int wanted) throws IOException {
        int kind = answer.readByte();
        if (kind == FAILURE) {
            throw new IOException("it refuses");
        }
        if (kind != wanted) {
            throw new IOException("it answers with a message of kind " + kind);
        }
        return answer;
    }

    private static void write(SocketChannel channel, byte[] content) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(content);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    private static PlainBuffer read(SocketChannel channel, int length) throws IOException {
        ByteBuffer read = ByteBuffer.allocate(length);
        while (read.hasRemaining()) {
            if (channel.read(read) < 0) {
                throw new EOFException("it hangs up");
            }
        }
        return new PlainBuffer(read.array());
    }

    private static void end(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException gone) {
            return;
        }
    }
}
