package dev.slipway.web;

import dev.slipway.core.Problem;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Problem documents for requests that are no proper HTTP, or break a limit before a route is found.
final class ProtocolProblems {
    private static final Logger LOG = LoggerFactory.getLogger(ProtocolProblems.class);

    private ProtocolProblems() {}

    static DirectHandlers handlers(Json json) {
        var handlers = DirectHandlers.builder();
        for (var event : EventType.values()) {
            handlers.addHandler(event, handler(json));
        }
        return handlers.build();
    }

    /// The message of the server is not passed on: it repeats what the client sent.
    private static DirectHandler handler(Json json) {
        return (request, event, status, headers, message) -> {
            var requestId = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
            var encoded = status.code() == 400 && request.headers().contains(HeaderNames.CONTENT_ENCODING);
            var problem = encoded ? RestContext.ENCODED : Problems.ofStatus(status.code());
            var answer = Answer.refused(problem, requestId, json);
            answer.headers().forEach(headers::set);
            LOG.info("refused before a route was found: {} {}, request id {}", answer.status(), problem.code(), requestId);
            return TransportResponse.builder()
                    .status(Status.create(answer.status()))
                    .headers(headers)
                    .header(HeaderNames.create("X-Request-Id"), requestId)
                    .keepAlive(false)
                    .entity(answer.body())
                    .build();
        };
    }
}
