package dev.belay.activities;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import java.util.Queue;

/** Names of the calls that reach the server. */
record ServerCalls(Queue<String> names) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        names.add(String.valueOf(method.getBareMethodName()));
        return next.newCall(method, options);
    }
}
