package dev.slipway.grpc;

import dev.slipway.operation.Items;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A stream in, of which one message is held at a time; a stream out, or its last element.
final class RequestStreamCall<Q, T, O, R> extends GrpcCall<Q, R> {
    /// How long a service that stops waits for the next message.
    private static final Duration LAST_MESSAGE = Duration.ofSeconds(1);

    private final Binding.Feed<Q, T, O, R> binding;
    private final Object arrival = new Object();
    private @Nullable Received<Q> message;
    private boolean complete;
    private boolean stopping;
    private long until;
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

    /// It goes on while the client sends.
    @Override
    void endIntake() {
        synchronized (arrival) {
            stopping = true;
            until = System.nanoTime() + LAST_MESSAGE.toNanos();
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
            if (stopping) {
                until = System.nanoTime() + LAST_MESSAGE.toNanos();
            }
            while (message == null && !complete) {
                if (!stopping) {
                    arrival.wait();
                } else if (System.nanoTime() - until < 0) {
                    TimeUnit.NANOSECONDS.timedWait(arrival, until - System.nanoTime());
                } else {
                    giveUp();
                    throw new InterruptedException("the client sends nothing, and the service stops");
                }
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
