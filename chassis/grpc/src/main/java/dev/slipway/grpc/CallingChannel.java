package dev.slipway.grpc;

import dev.slipway.core.CallContext;
import dev.slipway.core.Time;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Gives each call its deadline, its metadata and its place in the metrics.
final class CallingChannel extends Channel {
    private final Supplier<Channel> declared;
    private final Supplier<Channel> keyed;
    private final Duration byDefault;
    private final Time time;
    private final Function<String, MethodMetrics> metrics;

    /// @param declared tries again what may be repeated by its declaration
    /// @param keyed tries everything again
    CallingChannel(
            Supplier<Channel> declared,
            Supplier<Channel> keyed,
            Duration byDefault,
            Time time,
            Function<String, MethodMetrics> metrics) {
        this.declared = declared;
        this.keyed = keyed;
        this.byDefault = byDefault;
        this.time = time;
        this.metrics = metrics;
    }

    @Override
    public String authority() {
        return declared.get().authority();
    }

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
        var channel = options.getOption(GrpcClient.IDEMPOTENCY_KEY) == null ? declared : keyed;
        var context = CallContext.current();
        var limited =
                limited(method, options, context.flatMap(CallContext::deadline).orElse(null));
        var begin = time.nanoTime();
        return new SimpleForwardingClientCall<>(channel.get().newCall(method, limited)) {
            @Override
            public void start(Listener<R> listener, Metadata headers) {
                context.ifPresent(current -> {
                    put(headers, Keys.REQUEST_ID, current.requestId());
                    put(headers, Keys.CORRELATION_ID, current.correlationId());
                    put(headers, Keys.TRACEPARENT, current.trace().traceparent());
                });
                put(headers, Keys.IDEMPOTENCY_KEY, options.getOption(GrpcClient.IDEMPOTENCY_KEY));
                var token = options.getOption(GrpcClient.TOKEN);
                put(headers, Keys.AUTHORIZATION, token == null ? null : "Bearer " + token);
                super.start(
                        new SimpleForwardingClientCallListener<>(listener) {
                            @Override
                            public void onClose(Status status, Metadata trailers) {
                                metrics.apply(method.getFullMethodName())
                                        .record(status.getCode(), time.nanoTime() - begin);
                                super.onClose(status, trailers);
                            }
                        },
                        headers);
            }
        };
    }

    /// The soonest of what the caller says, what the settings say and what is left of the call that is being served.
    private <Q, R> CallOptions limited(
            MethodDescriptor<Q, R> method, CallOptions options, @Nullable Instant servedUntil) {
        var soonest = options.getDeadline();
        if (soonest == null && method.getType() == MethodType.UNARY) {
            soonest = after(byDefault);
        }
        if (servedUntil != null) {
            var left = after(Duration.between(time.clock().instant(), servedUntil));
            soonest = soonest == null ? left : soonest.minimum(left);
        }
        return options.withDeadline(soonest);
    }

    private static Deadline after(Duration left) {
        return Deadline.after(left.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void put(Metadata headers, Metadata.Key<String> key, @Nullable String value) {
        if (value != null && !headers.containsKey(key)) {
            headers.put(key, value);
        }
    }
}
