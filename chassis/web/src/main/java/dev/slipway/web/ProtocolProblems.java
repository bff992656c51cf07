package dev.slipway.web;

import dev.slipway.core.Problem.Retry;
import dev.slipway.operation.Json;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportRequest;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Problem documents for requests that are no proper HTTP, or break a limit before a route is found.
final class ProtocolProblems {
    /// How Helidon 4.3.1 words it; the status is that of any bad request.
    private static final String HEADERS_EXCEEDED = "Header size exceeded";

    private static final Logger LOG = LoggerFactory.getLogger(ProtocolProblems.class);

    private ProtocolProblems() {}

    static DirectHandlers handlers(Json json, DateHeader date, RandomGenerator random) {
        var handlers = DirectHandlers.builder();
        for (var event : EventType.values()) {
            handlers.addHandler(event, handler(json, date, random));
        }
        return handlers.build();
    }

    private static DirectHandler handler(Json json, DateHeader date, RandomGenerator random) {
        return (request, event, status, headers, message) -> {
            var requestId = HexFormat.of().toHexDigits(random.nextLong());
            var document = document(request, status, message, requestId);
            headers.set(date.now());
            headers.set(Answer.NO_STORE);
            headers.set(Answer.PROBLEM);
            headers.set(Edge.NO_SNIFF);
            if (document.status() == 503) {
                headers.set(HeaderValues.create(HeaderNames.RETRY_AFTER, "1"));
            }
            LOG.info(
                    "refused before a route was found: {} {}, request id {}",
                    document.status(),
                    document.code(),
                    requestId);
            return TransportResponse.builder()
                    .status(Status.create(document.status()))
                    .headers(headers)
                    .header(HeaderNames.create("X-Request-Id"), requestId)
                    .keepAlive(false)
                    .entity(json.write(document))
                    .build();
        };
    }

    /// The message of the server is not passed on: it may repeat what the client sent.
    private static Problems.Document document(
            TransportRequest request, Status status, @Nullable String message, String requestId) {
        if (HEADERS_EXCEEDED.equals(message)) {
            return Problems.document(RestContext.HEADERS_TOO_LARGE, requestId);
        }
        if (RequestLine.NOT_PLAIN.detail().equals(message)) {
            return Problems.document(RequestLine.NOT_PLAIN, requestId);
        }
        if (status.code() == 400 && request.headers().contains(HeaderNames.CONTENT_ENCODING)) {
            return Problems.document(RestContext.ENCODED, requestId);
        }
        if (status.code() == 500 && request.path().isEmpty()) {
            // The server's library failed before it had a request: at what a client sent, and nothing else.
            return Problems.document(RestContext.MALFORMED, requestId);
        }
        return switch (status.code()) {
            case 414 ->
                document(414, "URI too long", "uri-too-long", "The path and the query are too long.", requestId);
            case 501 ->
                document(
                        501,
                        "Not implemented",
                        "unknown-method",
                        "There is no such method; methods are written in capitals.",
                        requestId);
            case 505 ->
                document(
                        505,
                        "HTTP version not supported",
                        "http-version",
                        "Speak HTTP/1.1 (a proxy may have to be told to).",
                        requestId);
            default -> Problems.document(Problems.ofStatus(status.code()), requestId);
        };
    }

    /// What only HTTP itself knows, and before a call is one.
    private static Problems.Document document(int status, String title, String code, String detail, String requestId) {
        return new Problems.Document(
                "urn:problem:" + code, title, status, code, detail, Retry.NEVER.slug(), requestId, List.of());
    }
}
