package dev.slipway.grpc;

import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line for each call, to the logger `access`, as REST writes it.
final class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("access");

    private AccessLog() {}

    static void served(String method, Status.Code status, long nanos, CallContext context) {
        // A call that ends before its work begins ends outside its context.
        ScopedValue.where(CallContext.CURRENT, context).run(() -> write(method, status, nanos, context.caller()));
    }

    private static void write(String method, Status.Code status, long nanos, Caller caller) {
        LOG.atInfo()
                .addKeyValue("protocol", "grpc")
                .addKeyValue("method", method)
                .addKeyValue("status", status.name())
                .addKeyValue("ms", Math.round(nanos / 10_000.0) / 100.0)
                .addKeyValue("caller", caller.id())
                .log("served");
    }
}
