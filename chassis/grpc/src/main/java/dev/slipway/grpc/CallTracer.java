package dev.slipway.grpc;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Sees each call before anybody else, and can reset it after everybody else.
///
/// A timeout that is none makes grpc-java throw, which resets the stream and tells the client nothing; so it is taken
/// away, and the call is refused. And a `ServerCall` that was closed cannot be reset any more, although its client may
/// never take its last message; but the library resets the stream of a call whose context is late, and this one is above it.
final class CallTracer extends ServerStreamTracer {
    private static final Context.Key<CallTracer> KEY = Context.key("call tracer");
    private static final Metadata.Key<String> TIMEOUT =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
    private static final int MOST_DIGITS = 8;
    private static final String UNITS = "HMSmun";

    private final boolean hasMalformedTimeout;
    private @Nullable CancellableContext context;

    private CallTracer(boolean hasMalformedTimeout) {
        this.hasMalformedTimeout = hasMalformedTimeout;
    }

    /// For each stream of a server.
    static final class Factory extends ServerStreamTracer.Factory {
        @Override
        public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
            var timeout = headers.get(TIMEOUT);
            var isMalformed = timeout != null && !isWellFormed(timeout);
            if (isMalformed) {
                headers.discardAll(TIMEOUT);
            }
            return new CallTracer(isMalformed);
        }
    }

    /// Of the call whose handler is started on this thread.
    static CallTracer ofCurrentCall() {
        return KEY.get();
    }

    /// [At most eight digits and a unit](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests).
    private static boolean isWellFormed(String timeout) {
        var digits = timeout.length() - 1;
        if (digits < 1 || digits > MOST_DIGITS || UNITS.indexOf(timeout.charAt(digits)) < 0) {
            return false;
        }
        for (var i = 0; i < digits; i++) {
            if (timeout.charAt(i) < '0' || timeout.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    @Override
    public Context filterContext(Context above) {
        var own = above.withCancellation();
        context = own;
        return own.withValue(KEY, this);
    }

    boolean hasMalformedTimeout() {
        return hasMalformedTimeout;
    }

    /// Resets the call, whose answer was not taken in time.
    void reset() {
        Objects.requireNonNull(context).cancel(new TimeoutException("the answer was not taken"));
    }
}
