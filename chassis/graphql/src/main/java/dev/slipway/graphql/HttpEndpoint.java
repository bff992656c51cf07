package dev.slipway.graphql;

import dev.slipway.core.CallContext;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Failures;
import dev.slipway.security.RateLimits;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// GraphQL over HTTP ([draft](https://graphql.github.io/graphql-over-http/draft/)): queries and mutations by POST,
/// queries by GET, and any of them as a stream of events if the client accepts nothing else
/// ([distinct connections](https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md)).
///
/// Other sites cannot make a browser send these requests: a POST has to be JSON, and a GET has to carry a header that
/// browsers ask about first.
final class HttpEndpoint implements Handler {
    private static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
    private static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");
    private static final List<HeaderName> PREFLIGHT = List.of(
            HeaderNames.create("GraphQL-Require-Preflight"),
            HeaderNames.create("Apollo-Require-Preflight"),
            HeaderNames.create("X-Apollo-Operation-Name"));

    private static final String RESPONSE = "application/graphql-response+json";
    private static final String JSON = "application/json";
    static final String EVENTS = "text/event-stream";

    private static final Problem TOO_LARGE = Problem.of(Kind.TOO_LARGE, "body-too-large", "The body is too large.");
    private static final Problem TOO_SLOW =
            Problem.of(Kind.REQUEST_TIMEOUT, "body-timeout", "The body took too long to arrive.");
    private static final Problem NOT_JSON =
            Problem.of(Kind.UNSUPPORTED_MEDIA_TYPE, "json-required", "Send application/json.");
    private static final Problem NO_PREFLIGHT =
            Problem.of(Kind.FORBIDDEN, "preflight-required", "A GET needs the header GraphQL-Require-Preflight.");
    private static final Problem BY_GET =
            Problem.of(Kind.METHOD_NOT_ALLOWED, "graphql-query-required", "Only queries are served by GET.");
    private static final Problem NO_STREAM = Problem.of(
            Kind.NOT_ACCEPTABLE,
            "graphql-stream-required",
            "A subscription is answered as text/event-stream, or by WebSocket.");
    private static final Problem NOT_ACCEPTABLE =
            Problem.of(Kind.NOT_ACCEPTABLE, "not-acceptable", "Answers are application/graphql-response+json.");

    private final Serving serving;

    HttpEndpoint(Serving serving) {
        this.serving = serving;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        var begin = System.nanoTime();
        var headers = request.headers();
        var context = serving.operations()
                .context(
                        "graphql",
                        headers.first(REQUEST_ID).orElse(null),
                        headers.first(TRACEPARENT).orElse(null),
                        serving.settings().requestTimeout());
        var answer = new Reply(request, response, context.requestId(), begin);
        try {
            var authorization = headers.all(HeaderNames.AUTHORIZATION, List::of);
            answer.type = accepted(headers);
            context = serving.identified(
                    context,
                    authorization,
                    request.remotePeer().address(),
                    headers.values(HeaderNames.X_FORWARDED_FOR));
            answer.context = context;
            if (serving.isDraining()) {
                throw Failures.STOPPING.asException();
            }
            var isGet = request.prologue().method().equals(Method.GET);
            var command = isGet ? fromQuery(request) : fromBody(request);
            answer.wellFormed = true;
            var plan = serving.plan(command, context.caller());
            if (isGet && !plan.isQuery()) {
                response.header(HeaderNames.ALLOW, "POST");
                answer.wellFormed = false;
                throw BY_GET.asException();
            }
            if (answer.type.equals(EVENTS)) {
                events(plan, context, authorization, answer);
            } else if (plan.isSubscription()) {
                answer.wellFormed = false;
                throw NO_STREAM.asException();
            } else {
                answer.send(plan, serving.execute(plan, context, left -> answer.budget = left));
            }
        } catch (CloseConnectionException e) {
            throw e;
        } catch (Exception e) {
            answer.send(null, Serving.refusal(e));
        }
    }

    private void events(Engine.Plan plan, CallContext context, List<String> authorization, Reply answer)
            throws IOException {
        answer.headers();
        answer.response.header(HeaderNames.CONTENT_TYPE, EVENTS);
        answer.response.header(HeaderNames.create("X-Accel-Buffering"), "no");
        try (var out = answer.response.outputStream()) {
            var stream = new EventStream(out, serving, context.requestId(), authorization);
            var result = stream.serve(plan, context);
            serving.served(Serving.Served.of("sse", plan, result, 200, stream.bytes()), context, answer.begin);
        } catch (IOException | RuntimeException e) {
            throw new CloseConnectionException("the subscriber has gone", e);
        }
    }

    /// The best media type that is accepted; the newer one where the client does not care.
    private static String accepted(ServerRequestHeaders headers) {
        var accept = headers.first(HeaderNames.ACCEPT).orElse("*/*").toLowerCase(Locale.ROOT);
        if (accept.contains(EVENTS) && !accept.contains("json")) {
            return EVENTS;
        }
        if (accept.contains(RESPONSE) || accept.contains("*/*") || accept.contains("application/*")) {
            return RESPONSE;
        }
        if (accept.contains(JSON)) {
            return JSON;
        }
        throw NOT_ACCEPTABLE.asException();
    }

    private Command fromQuery(ServerRequest request) {
        var headers = request.headers();
        if (PREFLIGHT.stream().noneMatch(headers::contains) && !isJson(headers)) {
            throw NO_PREFLIGHT.asException();
        }
        var map = new HashMap<String, Object>();
        var query = request.query();
        for (var name : query.names()) {
            var values = query.all(name);
            if (values.size() > 1) {
                throw Command.MALFORMED.asException();
            }
            var value = values.getFirst();
            if (!value.isEmpty()) {
                map.put(
                        name,
                        name.equals("variables") || name.equals("extensions")
                                ? read(value.getBytes(StandardCharsets.UTF_8))
                                : value);
            }
        }
        return Command.of(map);
    }

    private Command fromBody(ServerRequest request) throws IOException {
        if (!isJson(request.headers())) {
            throw NOT_JSON.asException();
        }
        return Command.of(read(body(request)));
    }

    private Object read(byte[] text) {
        return serving.operations().json().read(text, Object.class);
    }

    private byte[] body(ServerRequest request) throws IOException {
        var limit = serving.settings().maxBodySize().intBytes();
        if (request.headers().contentLength().orElse(0) > limit) {
            throw TOO_LARGE.asException();
        }
        if (!request.content().hasEntity()) {
            throw Command.MALFORMED.asException();
        }
        var end = System.nanoTime() + serving.settings().requestTimeout().toNanos();
        var body = new ByteArrayOutputStream(1024);
        var piece = new byte[1024];
        try {
            var in = request.content().inputStream();
            for (var n = in.read(piece); n >= 0; n = in.read(piece)) {
                body.write(piece, 0, n);
                if (body.size() > limit) {
                    throw TOO_LARGE.asException();
                }
                if (System.nanoTime() - end > 0) {
                    throw TOO_SLOW.asException();
                }
            }
        } catch (java.io.UncheckedIOException e) {
            throw new CloseConnectionException("the client has gone", e);
        }
        return body.toByteArray();
    }

    private static boolean isJson(ServerRequestHeaders headers) {
        return headers.contentType()
                .filter(type ->
                        type.type().equals("application") && type.subtype().equals("json"))
                .isPresent();
    }

    /// The answer to one request.
    private final class Reply {
        private final ServerRequest request;
        private final ServerResponse response;
        private final String requestId;
        private final long begin;
        private @Nullable CallContext context;
        private RateLimits.@Nullable Budget budget;
        private String type = RESPONSE;
        private boolean wellFormed;

        Reply(ServerRequest request, ServerResponse response, String requestId, long begin) {
            this.request = request;
            this.response = response;
            this.requestId = requestId;
            this.begin = begin;
        }

        void headers() {
            response.header(REQUEST_ID, requestId);
            response.header(HeaderNames.CACHE_CONTROL, "no-store");
            response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
        }

        void send(Engine.@Nullable Plan plan, Engine.Result result) {
            var body = serving.wire().write(result.toMap(requestId));
            var status = status(result);
            var leftOver = request.content().hasEntity() && !request.content().consumed();
            var closes = leftOver || serving.isDraining() || request.headers().contains(HeaderValues.CONNECTION_CLOSE);
            headers();
            response.status(status);
            response.header(HeaderNames.CONTENT_TYPE, (type.equals(EVENTS) ? RESPONSE : type) + "; charset=utf-8");
            result.failures().stream()
                    .flatMap(failure -> failure.problem().retryAfter().stream())
                    .findFirst()
                    .ifPresent(delay ->
                            response.header(HeaderNames.RETRY_AFTER, String.valueOf(Math.max(1, delay.toSeconds()))));
            if (budget != null) {
                response.header(HeaderNames.create("RateLimit-Policy"), budget.policy());
                response.header(HeaderNames.create("RateLimit"), budget.state());
            }
            if (status == 401) {
                response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
            }
            if (closes) {
                response.header(HeaderValues.CONNECTION_CLOSE);
            }
            var known = context;
            var served = plan == null
                    ? Serving.Served.refused("http", result, status, body.length)
                    : Serving.Served.of("http", plan, result, status, body.length);
            try {
                response.send(body);
            } finally {
                serving.served(
                        served,
                        known == null
                                ? serving.operations()
                                        .context(
                                                "graphql",
                                                requestId,
                                                null,
                                                serving.settings().requestTimeout())
                                : known,
                        begin);
            }
            if (closes) {
                throw new CloseConnectionException("the answer said so");
            }
        }

        /// What is wrong with the document is no error of HTTP's for clients that know only plain JSON.
        private int status(Engine.Result result) {
            if (result.executed()) {
                return 200;
            }
            var status = result.failures().getFirst().problem().kind().status();
            return type.equals(JSON) && wellFormed && (status == 400 || status == 404) ? 200 : status;
        }
    }
}
