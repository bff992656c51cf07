package dev.slipway.grpc;

import dev.slipway.operation.Items;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A stream in, of which one message is held at a time; a stream out, or its last element.
final class RequestStreamCall<Q, T, O, R> extends GrpcCall<Q, R> {
    private final Binding.Feed<Q, T, O, R> binding;
    private final Object arrival = new Object();
    private @Nullable Received<Q> message;
    private boolean complete;
    private @Nullable O last;

    RequestStreamCall(
            Method<Q, R> method, Binding.Feed<Q, T, O, R> binding, ServerCall<Received<Q>, R> call, Metadata headers) {
        super(method, call, headers);
        this.binding = binding;
    }

    @Override
    void start() {
        call.request(1);
        work();
    }

    @Override
    public void onMessage(Received<Q> received) {
        synchronized (arrival) {
            message = received;
            arrival.notifyAll();
        }
    }

    @Override
    public void onHalfClose() {
        synchronized (arrival) {
            complete = true;
            arrival.notifyAll();
        }
    }

    @Override
    void serve() throws Exception {
        Arguments<Items<T>> arguments = Arguments.items(this::next);
        if (binding.method().getType() == MethodType.BIDI_STREAMING) {
            operations().stream(binding.operation(), request(arguments), element -> {
                awaitReady();
                send(binding.response().apply(element));
            });
            return;
        }
        operations().stream(binding.operation(), request(arguments), element -> last = element);
        var answer = last;
        if (answer == null) {
            throw new IllegalStateException(binding.operation().name() + " ended without an answer");
        }
        send(binding.response().apply(answer));
    }

    /// Asks for the one after it, which travels while this one is worked on.
    private Optional<T> next() throws InterruptedException {
        Received<Q> received;
        synchronized (arrival) {
            while (message == null && !complete) {
                arrival.wait();
            }
            if (message == null) {
                return Optional.empty();
            }
            received = message;
            message = null;
        }
        call.request(1);
        var item = received.read();
        return Optional.of(operations().valid(Messages.read(() -> binding.item().apply(item))));
    }
}
