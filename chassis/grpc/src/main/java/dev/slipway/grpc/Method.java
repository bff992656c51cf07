package dev.slipway.grpc;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.time.Duration;

/// One method of the server.
///
/// @param admission of its calls
/// @param byDefault the deadline of a call whose client sends none
/// @param longest what a client's deadline is cut to
record Method(
        ServerContext server,
        Binding binding,
        Admission admission,
        Duration byDefault,
        Duration longest,
        MethodMetrics metrics)
        implements ServerCallHandler<Received, Message> {

    static Method of(ServerContext server, Binding binding) {
        var settings = server.settings();
        var descriptor = binding.method();
        var metrics = MethodMetrics.ofServer(server.meters(), descriptor.getFullMethodName());
        return descriptor.getType() == MethodDescriptor.MethodType.UNARY
                ? new Method(
                        server,
                        binding,
                        new Admission.Calls(server.admission().workload()),
                        settings.defaultDeadline(),
                        settings.longestDeadline(),
                        metrics)
                : new Method(
                        server,
                        binding,
                        new Admission.Streams(server.admission()),
                        settings.longestStream(),
                        settings.longestStream(),
                        metrics);
    }

    String name() {
        return binding.method().getFullMethodName();
    }

    @Override
    public ServerCall.Listener<Received> startCall(ServerCall<Received, Message> call, Metadata headers) {
        return switch (binding) {
            case Binding.SingleRequest single -> new SingleRequestCall(this, single, call, headers).begin();
            case Binding.RequestStream<?, ?> stream -> new RequestStreamCall<>(this, stream, call, headers).begin();
        };
    }
}
