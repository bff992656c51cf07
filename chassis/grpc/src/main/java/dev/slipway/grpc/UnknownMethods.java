package dev.slipway.grpc;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Answers calls of methods that no service has. Their names are the client's, and go into no log or metric.
final class UnknownMethods extends HandlerRegistry {
    private static final Problem NO_METHOD =
            Problem.of(Kind.METHOD_NOT_ALLOWED, "no-such-method", "There is no such method.");
    private static final String NAME = "unknown";

    private final ServerContext server;
    private final MethodMetrics metrics;

    UnknownMethods(ServerContext server) {
        this.server = server;
        this.metrics = MethodMetrics.ofUnknown(server.meters(), NAME);
    }

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
        var nothing = ProtoUtils.marshaller(com.google.protobuf.Empty.getDefaultInstance());
        var method = MethodDescriptor.newBuilder(nothing, nothing)
                .setType(MethodType.UNKNOWN)
                .setFullMethodName(name)
                .build();
        return ServerMethodDefinition.create(method, this::refuse);
    }

    private <Q, R> ServerCall.Listener<Q> refuse(ServerCall<Q, R> call, Metadata headers) {
        var begin = server.time().nanoTime();
        var context = server.operations()
                .contexts()
                .ofRequest(
                        NAME,
                        headers.get(Keys.REQUEST_ID),
                        headers.get(Keys.CORRELATION_ID),
                        headers.get(Keys.TRACEPARENT),
                        Duration.ZERO);
        var trailers = GrpcProblems.trailers(NO_METHOD, server.service(), context.requestId());
        call.close(Status.UNIMPLEMENTED.withDescription(NO_METHOD.detail()), trailers);
        var nanos = server.time().nanoTime() - begin;
        metrics.record(Status.Code.UNIMPLEMENTED, nanos);
        AccessLog.served(NAME, Status.Code.UNIMPLEMENTED, nanos, context);
        return new ServerCall.Listener<>() {};
    }
}
