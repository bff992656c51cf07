package dev.slipway.grpc;

import dev.slipway.operation.Failures;
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
/// that stops would wait for them. Thread-safe.
final class LibraryStreams implements ServerInterceptor {
    private final String service;
    private final Set<Stream<?, ?>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    LibraryStreams(String service) {
        this.service = service;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (call.getMethodDescriptor().getType().serverSendsOneMessage()) {
            return next.startCall(call, headers);
        }
        var stream = new Stream<>(call);
        open.add(stream);
        var listener = next.startCall(stream, headers);
        if (stopping) {
            stream.stop(service);
        }
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onCancel() {
                open.remove(stream);
                super.onCancel();
            }

            @Override
            public void onComplete() {
                open.remove(stream);
                super.onComplete();
            }
        };
    }

    /// Tells all of them, also those to come, that the service stops.
    void endIntake() {
        stopping = true;
        open.forEach(stream -> stream.stop(service));
    }

    /// A call that another than its owner may close, who does not notice.
    private static final class Stream<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private boolean isClosed;

        Stream(ServerCall<Q, R> call) {
            super(call);
        }

        synchronized void stop(String service) {
            close(
                    Status.UNAVAILABLE.withDescription(Failures.STOPPING.detail()),
                    GrpcProblems.trailers(Failures.STOPPING, service, ""));
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
