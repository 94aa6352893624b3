package dev.belay.activities.etcd.jetcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc.KVBlockingStub;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Every key of one revision in order, a page at a time: names and revisions are sent, values are not. */
final class KeyPages {

    private static final int PAGE = 5000;
    private static final ByteString NUL = ByteString.copyFrom(new byte[1]);

    private final Supplier<KVBlockingStub> stub;
    private long revision;

    /**
     * @param stub with a deadline of its own for each page
     * @param revision 0 for the one that stands when the first page is read
     */
    KeyPages(Supplier<KVBlockingStub> stub, long revision) {
        this.stub = stub;
        this.revision = revision;
    }

    void each(Consumer<KeyValue> reader) {
        ByteString from = NUL;
        RangeResponse page;
        do {
            page = stub.get().range(request(from));
            revision = revision == 0 ? page.getHeader().getRevision() : revision;
            for (KeyValue entry : page.getKvsList()) {
                reader.accept(entry);
                from = entry.getKey().concat(NUL);
            }
        } while (page.getMore());
    }

    private RangeRequest request(ByteString from) {
        return RangeRequest.newBuilder()
                .setKey(from)
                .setRangeEnd(NUL)
                .setKeysOnly(true)
                .setSerializable(true)
                .setRevision(revision)
                .setLimit(PAGE)
                .build();
    }
}
