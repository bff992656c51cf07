package dev.slipway.grpc;

import io.grpc.Metadata;

/// The metadata that calls carry.
final class Keys {
    static final Metadata.Key<String> AUTHORIZATION = key("authorization");
    static final Metadata.Key<String> REQUEST_ID = key("x-request-id");
    static final Metadata.Key<String> CORRELATION_ID = key("x-correlation-id");
    static final Metadata.Key<String> FORWARDED_FOR = key("x-forwarded-for");
    static final Metadata.Key<String> RATE_LIMIT_POLICY = key("ratelimit-policy");
    static final Metadata.Key<String> RATE_LIMIT = key("ratelimit");
    static final Metadata.Key<String> TRACEPARENT = key("traceparent");
    static final Metadata.Key<String> IDEMPOTENCY_KEY = key("idempotency-key");

    /// When a client may try again, in milliseconds ([A6](https://github.com/grpc/proposal/blob/master/A6-client-retries.md)).
    static final Metadata.Key<String> PUSHBACK = key("grpc-retry-pushback-ms");

    private Keys() {}

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
