package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.operation.Json;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportRequest;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Problem documents for requests that are no proper HTTP, or break a limit before a route is found.
final class ProtocolProblems {
    /// How Helidon 4.3.1 words it; the status is that of any bad request.
    private static final String HEADERS_EXCEEDED = "Header size exceeded";

    private static final Logger LOG = LoggerFactory.getLogger(ProtocolProblems.class);

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
            var requestId =
                    HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
            var problem = problem(request, status, message);
            var answer = Answer.refused(problem, requestId, json);
            answer.headers().forEach(headers::set);
            headers.set(Edge.NO_SNIFF);
            LOG.info(
                    "refused before a route was found: {} {}, request id {}",
                    answer.status(),
                    problem.code(),
                    requestId);
            return TransportResponse.builder()
                    .status(Status.create(answer.status()))
                    .headers(headers)
                    .header(HeaderNames.create("X-Request-Id"), requestId)
                    .keepAlive(false)
                    .entity(answer.bytes())
                    .build();
        };
    }

    /// The message of the server is not passed on: it may repeat what the client sent.
    private static Problem problem(TransportRequest request, Status status, @Nullable String message) {
        if (HEADERS_EXCEEDED.equals(message)) {
            return RestContext.HEADERS_TOO_LARGE;
        }
        if (status.code() == 400 && request.headers().contains(HeaderNames.CONTENT_ENCODING)) {
            return RestContext.ENCODED;
        }
        return Problems.ofStatus(status.code());
    }
}
