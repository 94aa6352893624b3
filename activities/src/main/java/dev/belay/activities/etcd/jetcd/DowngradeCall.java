package dev.belay.activities.etcd.jetcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.etcd.jetcd.api.DefragmentRequest;
import io.etcd.jetcd.api.DefragmentResponse;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.StatusResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Maintenance.Downgrade, which etcd has since 3.5 and jetcd's protocol file has not: an empty request and a response with a header only are
 * sent and read with their other fields by number, as rpc.proto of etcd 3.6 numbers them.
 */
record DowngradeCall(Channel channel, Duration limit) {

    private static final MethodDescriptor<DefragmentRequest, DefragmentResponse> METHOD =
            MaintenanceGrpc.getDefragmentMethod().toBuilder()
                    .setFullMethodName("etcdserverpb.Maintenance/Downgrade")
                    .setSchemaDescriptor(null)
                    .build();

    private static final int ACTION = 1;
    private static final int VERSION = 2;
    private static final int VALIDATE = 0;
    private static final int ENABLE = 1;
    private static final int CANCEL = 2;

    private static final int STORAGE_VERSION = 11;
    private static final int DOWNGRADE = 13;
    private static final int DOWNGRADE_ENABLED = 1;
    private static final int DOWNGRADE_TARGET = 2;

    private static final String NONE = "no inflight downgrade";

    /** Returns the minor of the cluster version. */
    String validate(String minor) {
        return ask(VALIDATE, minor);
    }

    /** Returns the minor that the cluster version had. */
    String enable(String minor) {
        return ask(ENABLE, minor);
    }

    /** Returns the minor that the cluster version had; nothing when there was nothing to cancel. */
    String cancel() {
        try {
            return ask(CANCEL, "");
        } catch (StatusRuntimeException e) {
            if (String.valueOf(e.getStatus().getDescription()).contains(NONE)) {
                return "";
            }
            throw e;
        }
    }

    private String ask(int action, String minor) {
        UnknownFieldSet fields = UnknownFieldSet.newBuilder()
                .addField(ACTION, Field.newBuilder().addVarint(action).build())
                .addField(
                        VERSION,
                        Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8(minor))
                                .build())
                .build();
        DefragmentResponse said = ClientCalls.blockingUnaryCall(
                channel,
                METHOD,
                CallOptions.DEFAULT.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS),
                DefragmentRequest.newBuilder().setUnknownFields(fields).build());
        String[] version = text(said.getUnknownFields(), VERSION).split("\\.", -1);
        return version.length < 2 ? "" : version[0] + "." + version[1];
    }

    /** {@code 3.6.0}; empty before etcd 3.6. */
    static String storageVersion(StatusResponse said) {
        return text(said.getUnknownFields(), STORAGE_VERSION);
    }

    /** {@code 3.5.0} while a downgrade to it is enabled, else empty. */
    static String target(StatusResponse said) {
        List<ByteString> found = said.getUnknownFields().getField(DOWNGRADE).getLengthDelimitedList();
        if (found.isEmpty()) {
            return "";
        }
        try {
            UnknownFieldSet downgrade = UnknownFieldSet.parseFrom(found.get(0));
            boolean enabled =
                    downgrade.getField(DOWNGRADE_ENABLED).getVarintList().contains(1L);
            return enabled ? text(downgrade, DOWNGRADE_TARGET) : "";
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a member's status has a field 13 that is no downgrade", e);
        }
    }

    private static String text(UnknownFieldSet fields, int number) {
        List<ByteString> found = fields.getField(number).getLengthDelimitedList();
        return found.isEmpty() ? "" : found.get(found.size() - 1).toStringUtf8();
    }
}
