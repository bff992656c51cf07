package dev.slipway.grpc;

import com.google.protobuf.Message;
import dev.slipway.operation.Outcome;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One message in; one out, or a stream.
final class SingleRequestCall extends GrpcCall {
    private final Binding.SingleRequest binding;
    private @Nullable Received message;
    private boolean several;

    SingleRequestCall(
            Method method, Binding.SingleRequest binding, ServerCall<Received, Message> call, Metadata headers) {
        super(method, call, headers);
        this.binding = binding;
    }

    /// Two, so that a second message is noticed.
    @Override
    void start() {
        call.request(2);
    }

    @Override
    public void onMessage(Received received) {
        several = message != null;
        message = received;
    }

    @Override
    public void onHalfClose() {
        if (message == null || several) {
            malformed();
        } else if (admit()) {
            work();
        }
    }

    @Override
    void serve() throws Exception {
        var received = message;
        if (received == null) {
            throw new IllegalStateException("the work began without a message");
        }
        switch (binding) {
            case Binding.Unary<?, ?> unary -> perform(unary, received.read());
            case Binding.ServerStream<?, ?> stream -> stream(stream, received.read());
        }
    }

    private <I, O> void perform(Binding.Unary<I, O> unary, Message received) throws Exception {
        switch (operations().perform(unary.operation(), request(unary.request(), received))) {
            case Outcome.Done<O>(var value, var version) ->
                send(unary.response().write(value, version));
            case Outcome.Refused<O>(var problem) -> throw problem.asException();
        }
    }

    private <I, O> void stream(Binding.ServerStream<I, O> stream, Message received) throws Exception {
        var ready = operations().begin(stream.operation(), request(stream.request(), received));
        enterStreams();
        ready.run(element -> {
            awaitReady();
            send(stream.response().write(element, OptionalLong.empty()));
        });
    }
}
