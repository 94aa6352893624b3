package dev.belay.activities.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.activities.StepFailure;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PipedUploadTest {

    private static final int SIZE = 8 << 20;

    /** As the MinIO client reads on a machine of two processors. */
    @Test
    void theThreadThatReadLastMayEndWhileTheWriterWaitsForRoom() throws Exception {
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        AtomicLong received = new AtomicLong();

        long sent = upload().run(
                        sink -> {
                            try {
                                sink.write(new byte[SIZE]);
                                written.complete(true);
                            } catch (IOException e) {
                                written.completeExceptionally(e);
                                throw e;
                            }
                        },
                        content -> {
                            received.addAndGet(inAThreadOfItsOwn(content));
                            assertThatThrownBy(() -> written.get(2, TimeUnit.SECONDS))
                                    .isInstanceOf(TimeoutException.class);
                            received.addAndGet(content.readAllBytes().length);
                        },
                        PipedUploadTest::broken);

        assertThat(sent).isEqualTo(SIZE);
        assertThat(received).hasValue(SIZE);
    }

    private static int inAThreadOfItsOwn(InputStream content) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return content.read(new byte[1000]);
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        task -> new Thread(task).start())
                .join();
    }

    private static PipedUpload upload() throws NoSuchAlgorithmException {
        return new PipedUpload(MessageDigest.getInstance("SHA-256"));
    }

    private static StepFailure broken(Exception e) {
        return StepFailure.of(FailureKind.TRANSIENT, "BROKEN", String.valueOf(e.getMessage()), "look");
    }
}
