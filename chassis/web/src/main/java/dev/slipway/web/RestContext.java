package dev.slipway.web;

import dev.slipway.core.Idempotency;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.security.Authenticator;
import io.helidon.common.media.type.MediaType;
import io.helidon.common.media.type.MediaTypes;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/// What all endpoints of one server share.
///
/// @param gate one permit for each request that may be served at once
record RestContext(
        String service,
        HttpSettings settings,
        Clock clock,
        Authenticator authenticator,
        Optional<Idempotency> idempotency,
        MeterRegistry meters,
        Json json,
        Validation validation,
        AccessLog accessLog,
        Semaphore gate,
        BooleanSupplier isDraining) {

    static final MediaType JSON = MediaTypes.APPLICATION_JSON;
    static final Problem STALE = Problem.of(
            Kind.PRECONDITION_FAILED, "stale-version", "The resource has changed since; read it again and repeat.");
    static final Problem TOO_LARGE = Problem.of(Kind.TOO_LARGE, "body-too-large", "The body is too large.");
    static final Problem TOO_SLOW =
            Problem.of(Kind.REQUEST_TIMEOUT, "body-timeout", "The body took too long to arrive.");
    static final Problem MALFORMED = Problem.of(Kind.INVALID, "bad-request", "This is not a proper HTTP request.");
    static final Problem ENCODED = Problem.of(
            Kind.UNSUPPORTED_MEDIA_TYPE, "encoding-unsupported", "Send the body without a content encoding.");
    static final Problem HEADERS_TOO_LARGE =
            Problem.of(Kind.HEADERS_TOO_LARGE, "headers-too-large", "The headers are too large.");
    static final Problem INTERNAL =
            Problem.of(Kind.INTERNAL, "internal-error", "Something went wrong here; it has been logged.");
    static final Problem OVERLOADED = Problem.of(Kind.UNAVAILABLE, "overloaded", "Too many requests are being served.")
            .retryAfter(Duration.ofSeconds(1));

    static final Problem METHOD_NOT_ALLOWED =
            Problem.of(Kind.METHOD_NOT_ALLOWED, "method-not-allowed", "This resource does not have this method.");
    static final Problem NO_RESOURCE = Problem.notFound("There is no such resource.");

    boolean draining() {
        return isDraining.getAsBoolean();
    }
}
