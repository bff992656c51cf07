package dev.slipway.grpc;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.concurrent.TimeoutException;

/// Lets a call be reset after its last message, which a `ServerCall` that was closed does not offer: the library resets the
/// stream of a call whose context is late, and this is the context above it.
final class Cancellation extends ServerStreamTracer {
    private static final Context.Key<CancellableContext> KEY = Context.key("cancellation");

    /// For each stream of a server.
    static final class Factory extends ServerStreamTracer.Factory {
        @Override
        public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
            return new Cancellation();
        }
    }

    /// Of the call whose handler is started on this thread.
    static CancellableContext ofCurrentCall() {
        return KEY.get();
    }

    static void late(CancellableContext call) {
        call.cancel(new TimeoutException("the answer was not taken"));
    }

    @Override
    public Context filterContext(Context context) {
        var cancellable = context.withCancellation();
        return cancellable.withValue(KEY, cancellable);
    }
}
