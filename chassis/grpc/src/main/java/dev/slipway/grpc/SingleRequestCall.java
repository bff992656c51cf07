package dev.slipway.grpc;

import dev.slipway.operation.Outcome;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import org.jspecify.annotations.Nullable;

/// One message in; one out, or a stream.
final class SingleRequestCall<Q, R> extends GrpcCall<Q, R> {
    private final Binding.Single<Q, R> binding;
    private @Nullable Received<Q> message;
    private boolean several;

    SingleRequestCall(
            Method<Q, R> method, Binding.Single<Q, R> binding, ServerCall<Received<Q>, R> call, Metadata headers) {
        super(method, call, headers);
        this.binding = binding;
    }

    /// Two, so that a second message is noticed.
    @Override
    void start() {
        call.request(2);
    }

    @Override
    public void onMessage(Received<Q> received) {
        several = message != null;
        message = received;
    }

    @Override
    public void onHalfClose() {
        if (message == null || several) {
            malformed();
        } else {
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
            case Binding.Unary<Q, ?, ?, R> unary -> perform(unary, received.read());
            case Binding.Watch<Q, ?, ?, R> watch -> stream(watch, received.read());
        }
    }

    private <I, O> void perform(Binding.Unary<Q, I, O, R> unary, Q received) throws Exception {
        var arguments = Messages.read(() -> unary.request().apply(received));
        switch (operations().perform(unary.operation(), request(arguments))) {
            case Outcome.Done<O> done -> send(unary.response().apply(done));
            case Outcome.Refused<O>(var problem) -> throw problem.asException();
        }
    }

    private <I, O> void stream(Binding.Watch<Q, I, O, R> watch, Q received) throws Exception {
        var arguments = Messages.read(() -> watch.request().apply(received));
        operations().stream(watch.operation(), request(arguments), element -> {
            awaitReady();
            send(watch.response().apply(element));
        });
    }
}
