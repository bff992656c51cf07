package dev.slipway.grpc;

import com.google.protobuf.Message;
import dev.slipway.operation.Items;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A stream in, of which one message is held at a time; a stream out, or its last element.
final class RequestStreamCall<T, O> extends GrpcCall {
    /// How long a service that stops waits for the next message.
    private static final Duration LAST_MESSAGE = Duration.ofSeconds(1);

    private final Binding.RequestStream<T, O> binding;
    private final Object arrival = new Object();
    private @Nullable Received message;
    private boolean complete;
    private boolean stopping;
    private long until;
    private @Nullable O last;

    RequestStreamCall(
            Method method, Binding.RequestStream<T, O> binding, ServerCall<Received, Message> call, Metadata headers) {
        super(method, call, headers);
        this.binding = binding;
    }

    @Override
    void start() {
        call.request(1);
        work();
    }

    @Override
    public void onMessage(Received received) {
        admit();
        synchronized (arrival) {
            message = received;
            arrival.notifyAll();
        }
    }

    @Override
    public void onHalfClose() {
        admit();
        synchronized (arrival) {
            complete = true;
            arrival.notifyAll();
        }
    }

    /// It goes on while the client sends.
    @Override
    void endIntake() {
        synchronized (arrival) {
            stopping = true;
            until = time().nanoTime() + LAST_MESSAGE.toNanos();
            arrival.notifyAll();
        }
    }

    @Override
    void serve() throws Exception {
        Items<T> items = this::next;
        if (binding.method().getType() == MethodType.BIDI_STREAMING) {
            operations().stream(binding.operation(), request(items), element -> {
                enterStreams();
                awaitReady();
                send(binding.response().write(element, OptionalLong.empty()));
            });
            return;
        }
        operations().stream(binding.operation(), request(items), element -> last = element);
        var answer = last;
        if (answer == null) {
            throw new IllegalStateException(binding.operation().name() + " ended without an answer");
        }
        send(binding.response().write(answer, OptionalLong.empty()));
    }

    /// Asks for the one after it, which travels while this one is worked on.
    private Optional<T> next() throws InterruptedException {
        Received received;
        synchronized (arrival) {
            if (stopping) {
                until = time().nanoTime() + LAST_MESSAGE.toNanos();
            }
            while (message == null && !complete) {
                requireOpen();
                if (!stopping) {
                    arrival.wait();
                } else if (time().nanoTime() - until < 0) {
                    time().waitOn(arrival, until - time().nanoTime());
                } else {
                    giveUp();
                    throw new InterruptedException("the client sends nothing, and the service stops");
                }
            }
            received = message;
            message = null;
        }
        enterStreams();
        if (received == null) {
            return Optional.empty();
        }
        call.request(1);
        return Optional.of(operations().valid(binding.item().input(received.read())));
    }
}
