package dev.slipway.web;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which pages of other origins may call from a browser ([Fetch, 3.2](https://fetch.spec.whatwg.org/#http-cors-protocol)).
///
/// Origins are compared as they are; there are no patterns, and no cookies are ever allowed: callers bring a token.
final class Cors {
    private static final Header VARY = HeaderValues.createCached(HeaderNames.VARY, "Origin");
    private static final HeaderName ALLOW_ORIGIN = HeaderNames.create("Access-Control-Allow-Origin");
    private static final Header EXPOSED = HeaderValues.createCached(
            "Access-Control-Expose-Headers",
            "ETag, Location, X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, Deprecation, Sunset");
    private static final List<String> ALLOWED_HEADERS = List.of(
            "Authorization",
            "Content-Type",
            "If-Match",
            "If-None-Match",
            "Idempotency-Key",
            "X-Api-Version",
            "X-Request-Id",
            "X-Correlation-Id",
            "traceparent",
            "tracestate",
            "baggage");
    private static final Header MAX_AGE = HeaderValues.createCached("Access-Control-Max-Age", "7200");

    private final Set<String> origins;

    /// @param origins as browsers send them, for example `https://shop.example.com`; `*` for any
    Cors(Set<String> origins) {
        this.origins = origins;
    }

    /// Adds what lets the page see the answer, if its origin is a known one.
    void allow(ServerRequestHeaders request, ServerResponse response) {
        if (origins.isEmpty()) {
            return;
        }
        Answer.vary(response, VARY);
        if (isKnown(request)) {
            response.header(HeaderValues.create(
                    ALLOW_ORIGIN, request.get(HeaderNames.ORIGIN).get()));
            response.header(EXPOSED);
        }
    }

    boolean isPreflight(ServerRequestHeaders request) {
        return isKnown(request) && request.contains(HeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    }

    /// Answers the question that a browser asks before it sends the request itself.
    ///
    /// @param methods those of the resource
    /// @param headers that it takes besides the usual ones
    Answer preflight(String methods, List<String> headers) {
        var allowed = Stream.concat(ALLOWED_HEADERS.stream(), headers.stream()).collect(Collectors.joining(", "));
        return Answer.empty(204)
                .header(HeaderValues.create("Access-Control-Allow-Methods", methods))
                .header(HeaderValues.create("Access-Control-Allow-Headers", allowed))
                .header(MAX_AGE);
    }

    private boolean isKnown(ServerRequestHeaders request) {
        return request.contains(HeaderNames.ORIGIN)
                && (origins.contains(request.get(HeaderNames.ORIGIN).get()) || origins.contains("*"));
    }
}
