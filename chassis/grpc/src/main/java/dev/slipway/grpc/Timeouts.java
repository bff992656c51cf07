package dev.slipway.grpc;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.regex.Pattern;

/// Sees the headers of each call before anybody else. A timeout that is none makes grpc-java throw, which resets the stream
/// and tells the client nothing; so it is taken away, and the call is refused.
final class Timeouts extends ServerStreamTracer.Factory {
    private static final Metadata.Key<String> TIMEOUT =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> MALFORMED =
            Metadata.Key.of("grpc-timeout-malformed", Metadata.ASCII_STRING_MARSHALLER);
    /// [At most eight digits and a unit](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests).
    private static final Pattern WELL_FORMED = Pattern.compile("[0-9]{1,8}[HMSmun]");

    private static final ServerStreamTracer NOTHING = new ServerStreamTracer() {};

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        var timeout = headers.get(TIMEOUT);
        if (timeout != null && !WELL_FORMED.matcher(timeout).matches()) {
            headers.discardAll(TIMEOUT);
            headers.put(MALFORMED, "");
        }
        return NOTHING;
    }

    static boolean isMalformed(Metadata headers) {
        return headers.containsKey(MALFORMED);
    }
}
