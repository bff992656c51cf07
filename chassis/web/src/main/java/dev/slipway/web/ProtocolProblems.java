package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/// Problem documents for requests that are no proper HTTP, or break a limit before a route is found.
final class ProtocolProblems {
    private ProtocolProblems() {}

    static DirectHandlers handlers(Json json) {
        var handlers = DirectHandlers.builder();
        for (var event : EventType.values()) {
            handlers.addHandler(event, handler(json));
        }
        return handlers.build();
    }

    private static DirectHandler handler(Json json) {
        return (request, event, status, headers, message) -> {
            var requestId = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
            var problem = problem(event, status);
            return TransportResponse.builder()
                    .status(Status.create(problem.kind().status()))
                    .headers(headers)
                    .header(HeaderNames.CONTENT_TYPE, Problems.MEDIA_TYPE)
                    .header(HeaderNames.create("X-Request-Id"), requestId)
                    .keepAlive(event.keepAlive())
                    .entity(json.write(Problems.document(problem, requestId)))
                    .build();
        };
    }

    /// The message of the server is not passed on: it repeats what the client sent.
    private static Problem problem(EventType event, Status status) {
        if (status.code() == Kind.HEADERS_TOO_LARGE.status()) {
            return Problem.of(Kind.HEADERS_TOO_LARGE, "headers-too-large", "The headers are too large.");
        }
        return switch (event) {
            case PAYLOAD_TOO_LARGE -> RestContext.TOO_LARGE;
            case BAD_REQUEST, HTTP_VERSION_NOT_SUPPORTED ->
                Problem.of(Kind.INVALID, "bad-request", "This is not a proper HTTP request.");
            case FORBIDDEN -> Problem.of(Kind.FORBIDDEN, "forbidden", "You may not do this.");
            case INTERNAL_ERROR, OTHER ->
                status.code() == Kind.UNAVAILABLE.status()
                        ? RestContext.OVERLOADED
                        : Problem.of(Kind.INTERNAL, "internal-error", "Something went wrong here.");
        };
    }
}
