package dev.slipway.grpc;

import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import dev.slipway.operation.Failures;
import dev.slipway.security.StreamLimit;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The streams of services that grpc-java brings along, health watches and reflection: it never ends them, and a server
/// that stops would wait for them. Nobody asks who opens them, so they are counted by address. Thread-safe.
final class LibraryStreams implements ServerInterceptor {
    private final ServerContext server;
    private final Set<Stream<?, ?>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    LibraryStreams(ServerContext server) {
        this.server = server;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (call.getMethodDescriptor().getType().serverSendsOneMessage()) {
            return next.startCall(call, headers);
        }
        StreamLimit.Place place;
        try {
            var address = GrpcCall.address(server.operations().callers(), call, headers);
            place = server.streams().enter(new Caller.Anonymous(), address);
        } catch (ProblemException e) {
            close(call, e.problem());
            return new ServerCall.Listener<>() {};
        }
        var stream = new Stream<>(call);
        open.add(stream);
        var listener = next.startCall(stream, headers);
        if (stopping) {
            close(stream, Failures.STOPPING);
        }
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onCancel() {
                ended();
                super.onCancel();
            }

            @Override
            public void onComplete() {
                ended();
                super.onComplete();
            }

            private void ended() {
                open.remove(stream);
                place.close();
            }
        };
    }

    /// Tells all of them, also those to come, that the service stops.
    void endIntake() {
        stopping = true;
        open.forEach(stream -> close(stream, Failures.STOPPING));
    }

    private void close(ServerCall<?, ?> call, Problem why) {
        call.close(
                GrpcProblems.code(why.kind()).toStatus().withDescription(why.detail()),
                GrpcProblems.trailers(why, server.service(), ""));
    }

    /// A call that another than its owner may close, who does not notice.
    private static final class Stream<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private boolean isClosed;

        Stream(ServerCall<Q, R> call) {
            super(call);
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!isClosed) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(R message) {
            if (!isClosed) {
                super.sendMessage(message);
            }
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!isClosed) {
                isClosed = true;
                super.close(status, trailers);
            }
        }
    }
}
