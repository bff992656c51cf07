package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.Time;
import dev.slipway.operation.Json;
import dev.slipway.operation.Operations;
import dev.slipway.resilience.ConcurrencyLimit;
import dev.slipway.security.StreamLimit;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;

/// What all endpoints of one server share.
///
/// @param admission lets in as many requests at once as can be served in about the usual time
/// @param streams bounds those that are open, WebSockets too
/// @param connections of the server
/// @param beats keeps streams alive
record RestContext(
        String service,
        HttpSettings settings,
        Operations operations,
        Time time,
        Json json,
        MeterRegistry meters,
        AccessLog accessLog,
        Cors cors,
        Connections connections,
        Heartbeats beats,
        ConcurrencyLimit admission,
        StreamLimit streams,
        BooleanSupplier isDraining) {

    static final Problem TOO_LARGE = Problem.of(Kind.TOO_LARGE, "body-too-large", "The body is too large.");
    static final Problem TOO_SLOW =
            Problem.of(Kind.REQUEST_TIMEOUT, "body-timeout", "The body took too long to arrive.");
    static final Problem MALFORMED = Problem.of(Kind.INVALID, "bad-request", "This is not a proper HTTP request.");
    static final Problem ENCODED = Problem.of(
            Kind.UNSUPPORTED_MEDIA_TYPE, "encoding-unsupported", "Send the body without a content encoding.");
    static final Problem HEADERS_TOO_LARGE =
            Problem.of(Kind.HEADERS_TOO_LARGE, "headers-too-large", "The headers are too large.");
    static final Problem METHOD_NOT_ALLOWED =
            Problem.of(Kind.METHOD_NOT_ALLOWED, "method-not-allowed", "This resource does not have this method.");
    static final Problem NO_RESOURCE = Problem.notFound("There is no such resource.");

    boolean draining() {
        return isDraining.getAsBoolean();
    }
}
