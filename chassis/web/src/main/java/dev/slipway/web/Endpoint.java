package dev.slipway.web;

import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import dev.slipway.core.Idempotency;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import dev.slipway.core.TraceContext;
import dev.slipway.security.Policy;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Serves one route: the chain from the request to the answer.
final class Endpoint<I> implements Handler {
    private static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
    private static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");
    private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");
    private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern IDEMPOTENCY_VALUE = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final Pattern VERSION_TAG = Pattern.compile("\"(\\d{1,18})(?:-gzip)?\"");
    private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");
    private static final byte[] NO_BODY = {};

    private final Route<I> route;
    private final Route.Source source;
    private final List<PathParameter<?>> parameters;
    private final Policy policy;
    private final String path;
    private final RestContext rest;
    private final RouteMetrics metrics;

    Endpoint(Route<I> route, RestContext rest) {
        this.route = route;
        this.source = route.source();
        this.parameters = route.parameters();
        this.policy = route.policy().orElseThrow();
        this.rest = rest;
        this.path = route.path();
        this.metrics = new RouteMetrics(rest.meters(), route.method(), path);
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        var begin = System.nanoTime();
        var admitted = rest.gate().tryAcquire();
        try {
            var context = context(request.headers());
            Throwable refusal = null;
            try {
                context = context.withCaller(caller(request.headers(), admitted));
            } catch (Throwable e) {
                refusal = e;
            }
            var refused = refusal;
            ScopedValue.where(CallContext.CURRENT, context).run(() -> exchange(request, response, refused, begin));
        } finally {
            if (admitted) {
                rest.gate().release();
            }
        }
    }

    private CallContext context(ServerRequestHeaders headers) {
        var requestId = headers.first(REQUEST_ID)
                .filter(id -> SAFE_ID.matcher(id).matches())
                .orElseGet(() ->
                        HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
        var trace = TraceContext.continuing(headers.first(TRACEPARENT).orElse(null), ThreadLocalRandom.current());
        var deadline = Instant.now(rest.clock()).plus(rest.settings().requestTimeout());
        return new CallContext(
                rest.service(), route.name(), requestId, trace, new Caller.Anonymous(), Optional.of(deadline));
    }

    private Caller caller(ServerRequestHeaders headers, boolean admitted) {
        if (!isWellFramed(headers)) {
            throw RestContext.MALFORMED.asException();
        }
        if (!admitted) {
            throw RestContext.OVERLOADED.asException();
        }
        return source == Route.Source.UNREAD
                ? new Caller.Anonymous()
                : rest.authenticator().authenticate(headers.all(HeaderNames.AUTHORIZATION, List::of));
    }

    /// Whether there is no doubt where the body ends. The server takes some requests for bodiless that a proxy before
    /// it may read otherwise ([request smuggling](https://www.rfc-editor.org/rfc/rfc9112#section-11.2)).
    private static boolean isWellFramed(ServerRequestHeaders headers) {
        if (headers.contains(HeaderNames.TRANSFER_ENCODING)) {
            return headers.contains(HeaderValues.TRANSFER_ENCODING_CHUNKED)
                    && !headers.contains(HeaderNames.CONTENT_LENGTH);
        }
        if (!headers.contains(HeaderNames.CONTENT_LENGTH)) {
            return true;
        }
        var length = headers.get(HeaderNames.CONTENT_LENGTH);
        return length.valueCount() == 1 && DIGITS.matcher(length.get()).matches();
    }

    private void exchange(ServerRequest request, ServerResponse response, @Nullable Throwable refusal, long begin) {
        var body = new RequestBody(request, rest.settings());
        var context = CallContext.CURRENT.get();
        var answer = answer(request, body, context, refusal);
        var leftOver = body.isLeftOver();
        var closes = leftOver
                || answer.aborts()
                || rest.draining()
                || request.headers().contains(HeaderValues.CONNECTION_CLOSE);
        try {
            send(request, response, answer, context.requestId(), closes);
        } finally {
            var nanos = System.nanoTime() - begin;
            metrics.record(answer.status(), nanos);
            rest.accessLog()
                    .served(
                            request.prologue().method().text(),
                            request.path().rawPath(),
                            path,
                            answer.status(),
                            nanos,
                            answer.body().length,
                            context.caller());
        }
        if (closes) {
            if (leftOver && !answer.aborts()) {
                body.discard();
            }
            throw new CloseConnectionException("the answer said so");
        }
    }

    private Answer answer(ServerRequest request, RequestBody body, CallContext context, @Nullable Throwable refusal) {
        try {
            if (refusal != null) {
                throw refusal;
            }
            return Answer.of(serve(request, body, context.caller()), request.headers(), context.requestId(), rest);
        } catch (CloseConnectionException e) {
            throw e;
        } catch (Throwable e) {
            return Answer.refused(Problems.of(e), context.requestId(), rest.json());
        }
    }

    private static void send(
            ServerRequest request, ServerResponse response, Answer answer, String requestId, boolean closes) {
        response.status(answer.status());
        answer.headers().forEach(response::header);
        response.header(HeaderValues.create(REQUEST_ID, requestId));
        if (closes) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        if (answer.body().length == 0 || request.prologue().method().equals(Method.HEAD)) {
            response.send();
        } else {
            response.send(answer.body());
        }
    }

    private Reply serve(ServerRequest request, RequestBody body, Caller caller) throws Exception {
        if (source == Route.Source.UNREAD) {
            return route.handler().handle(new Call<>(nothing(), caller, Map.of(), OptionalLong.empty()));
        }
        var target = target(request);
        policy.enforce(caller, target);
        negotiate(request.headers());
        var values = path(target);
        var expected = route.conditional() ? expectedVersion(request.headers()) : OptionalLong.empty();
        var bytes = source == Route.Source.BODY ? body.readJson() : NO_BODY;
        var call = new Call<>(input(request, bytes), caller, values, expected);
        var key = route.idempotent() ? idempotencyKey(request.headers(), caller) : Optional.<Idempotency.Key>empty();
        return key.isPresent()
                ? once(key.get(), request, bytes, call)
                : route.handler().handle(call);
    }

    /// The path's parameters as they were sent.
    private Map<String, String> target(ServerRequest request) {
        if (parameters.isEmpty()) {
            return Map.of();
        }
        var sent = request.path().pathParameters();
        var target = HashMap.<String, String>newHashMap(parameters.size());
        for (var parameter : parameters) {
            target.put(parameter.name(), sent.get(parameter.name()));
        }
        return target;
    }

    private Map<PathParameter<?>, Object> path(Map<String, String> target) {
        if (parameters.isEmpty()) {
            return Map.of();
        }
        var values = HashMap.<PathParameter<?>, Object>newHashMap(parameters.size());
        for (var parameter : parameters) {
            try {
                values.put(parameter, parameter.parser().apply(target.getOrDefault(parameter.name(), "")));
            } catch (IllegalArgumentException e) {
                throw new ProblemException(RestContext.NO_RESOURCE, e);
            }
        }
        return values;
    }

    private static void negotiate(ServerRequestHeaders headers) {
        if (!headers.contains(HeaderNames.ACCEPT)) {
            return;
        }
        var accept = headers.get(HeaderNames.ACCEPT).get();
        if (accept.equals("*/*") || accept.equals("application/json")) {
            return;
        }
        if (headers.acceptedTypes().stream()
                .noneMatch(type -> type.test(RestContext.JSON) && type.qualityFactor() > 0)) {
            throw Problem.of(Kind.NOT_ACCEPTABLE, "not-acceptable", "Answers are application/json.")
                    .asException();
        }
    }

    private static OptionalLong expectedVersion(ServerRequestHeaders headers) {
        var tags = headers.values(HeaderNames.IF_MATCH);
        if (tags.isEmpty() || tags.getFirst().isBlank()) {
            throw Problem.of(
                            Kind.PRECONDITION_REQUIRED,
                            "if-match-required",
                            "Send If-Match with the ETag of the version that you have seen.")
                    .asException();
        }
        var tag = tags.getFirst().strip();
        if (tags.size() > 1 || tag.contains(",")) {
            throw Problem.invalid(List.of(new FieldError("If-Match", "single", "must be one ETag")))
                    .asException();
        }
        if (tag.equals("*")) {
            return OptionalLong.empty();
        }
        var match = VERSION_TAG.matcher(tag);
        if (!match.matches()) {
            throw RestContext.STALE.asException();
        }
        return OptionalLong.of(Long.parseLong(match.group(1)));
    }

    private I input(ServerRequest request, byte[] body) {
        var query = request.query();
        if (source != Route.Source.QUERY && !query.isEmpty()) {
            var first = query.names().iterator().next();
            throw Problem.invalid(List.of(new FieldError(first, "unknown", "is not known here")))
                    .asException();
        }
        return switch (source) {
            case NOTHING, UNREAD -> nothing();
            case BODY -> rest.validation().check(rest.json().read(body, route.input()));
            case QUERY -> rest.validation().check(rest.json().readQuery(query(query.toMap()), route.input()));
        };
    }

    private I nothing() {
        return route.input().cast(Nothing.VALUE);
    }

    private static Map<String, Object> query(Map<String, List<String>> parameters) {
        return parameters.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().size() == 1 ? entry.getValue().getFirst() : entry.getValue()));
    }

    private Optional<Idempotency.Key> idempotencyKey(ServerRequestHeaders headers, Caller caller) {
        return headers.first(IDEMPOTENCY_KEY).map(value -> {
            if (!IDEMPOTENCY_VALUE.matcher(value).matches()) {
                var error = new FieldError("Idempotency-Key", "format", "must be 1 to 255 visible ASCII characters");
                throw Problem.invalid(List.of(error)).asException();
            }
            return new Idempotency.Key(route.name(), caller.id(), value);
        });
    }

    private Reply once(Idempotency.Key key, ServerRequest request, byte[] body, Call<I> call) {
        return StoredReply.once(
                rest.idempotency().orElseThrow(),
                key,
                StoredReply.fingerprint(request.path().rawPath(), body),
                () -> route.handler().handle(call),
                rest.json());
    }
}
