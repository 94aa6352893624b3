package dev.belay.activities.etcd.jetcd;

import com.google.protobuf.ByteString;
import dev.belay.activities.etcd.KeyPrefix;
import io.etcd.jetcd.api.KVGrpc.KVBlockingStub;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Counts the keys of one revision by prefix, a page at a time: names are sent, values are not. */
final class KeyCount {

    private static final int PAGE = 5000;
    private static final ByteString NUL = ByteString.copyFrom(new byte[1]);

    private final Supplier<KVBlockingStub> stub;
    private final long revision;
    private final Map<String, Long> counts = new TreeMap<>();

    /** @param stub with a deadline of its own for each page */
    KeyCount(Supplier<KVBlockingStub> stub, long revision) {
        this.stub = stub;
        this.revision = revision;
    }

    Map<String, Long> all() {
        ByteString from = NUL;
        RangeResponse page;
        do {
            page = stub.get().range(request(from));
            for (KeyValue entry : page.getKvsList()) {
                counts.merge(KeyPrefix.of(entry.getKey().toStringUtf8()), 1L, Long::sum);
                from = entry.getKey().concat(NUL);
            }
        } while (page.getMore());
        return counts;
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
