package dev.slipway.web;

import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import dev.slipway.core.Idempotency;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import dev.slipway.core.TraceContext;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpMediaType;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Serves one route: the chain from the request to the answer.
final class Endpoint<I> implements Handler {
    private static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
    private static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");
    private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");
    private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern IDEMPOTENCY_VALUE = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final Pattern VERSION_TAG = Pattern.compile("\"(\\d{1,18})(?:-gzip)?\"");

    private final Route<I> route;
    private final RestContext rest;
    private final RouteMetrics metrics;

    Endpoint(Route<I> route, RestContext rest) {
        this.route = route;
        this.rest = rest;
        this.metrics = new RouteMetrics(rest.meters(), route.method(), route.path());
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        var begin = System.nanoTime();
        var admitted = rest.gate().tryAcquire();
        try {
            var context = context(request, new Caller.Anonymous());
            Reply reply;
            try {
                if (!admitted) {
                    throw new ProblemException(RestContext.OVERLOADED, null);
                }
                context = context.withCaller(
                        rest.authenticator().authenticate(request.headers().values(HeaderNames.AUTHORIZATION)));
                var caller = context.caller();
                reply = ScopedValue.where(CallContext.CURRENT, context).call(() -> serve(request, caller));
            } catch (Throwable e) {
                reply = ScopedValue.where(CallContext.CURRENT, context).call(() -> Reply.refused(Problems.of(e)));
            }
            finish(request, response, context, reply, begin);
        } finally {
            if (admitted) {
                rest.gate().release();
            }
        }
    }

    private CallContext context(ServerRequest request, Caller caller) {
        var headers = request.headers();
        var requestId = headers.first(REQUEST_ID)
                .filter(id -> SAFE_ID.matcher(id).matches())
                .orElseGet(() -> HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
        var trace = TraceContext.continuing(headers.first(TRACEPARENT).orElse(null), ThreadLocalRandom.current());
        var deadline = Instant.now(rest.clock()).plus(rest.settings().requestTimeout());
        return new CallContext(rest.service(), route.name(), requestId, trace, caller, Optional.of(deadline));
    }

    private Reply serve(ServerRequest request, Caller caller) throws Exception {
        authorise(request, caller);
        if (route.source() == Route.Source.UNREAD) {
            return route.handler().handle(new Call<>(nothing(), caller, Map.of(), OptionalLong.empty()));
        }
        negotiate(request);
        var path = path(request);
        var expected = route.conditional() ? expectedVersion(request) : OptionalLong.empty();
        var body = route.source() == Route.Source.BODY ? body(request) : new byte[0];
        var call = new Call<>(input(request, body), caller, path, expected);
        var key = route.idempotent() ? idempotencyKey(request, caller) : Optional.<Idempotency.Key>empty();
        return key.isPresent() ? once(key.get(), request, body, call) : route.handler().handle(call);
    }

    private void authorise(ServerRequest request, Caller caller) {
        var parameters = request.path().pathParameters();
        var target = route.parameters().stream()
                .collect(Collectors.toMap(PathParameter::name, parameter -> parameters.get(parameter.name())));
        route.policy().orElseThrow().enforce(caller, target);
    }

    private void negotiate(ServerRequest request) {
        var accepted = request.headers().acceptedTypes();
        var json = accepted.isEmpty()
                || accepted.stream().anyMatch(type -> type.test(RestContext.JSON) && type.qualityFactor() > 0);
        if (!json) {
            throw Problem.of(Kind.NOT_ACCEPTABLE, "not-acceptable", "Answers are application/json.").asException();
        }
    }

    private Map<PathParameter<?>, Object> path(ServerRequest request) {
        var values = new HashMap<PathParameter<?>, Object>();
        for (var parameter : route.parameters()) {
            try {
                values.put(
                        parameter,
                        parameter.parser().apply(request.path().pathParameters().get(parameter.name())));
            } catch (IllegalArgumentException e) {
                throw new ProblemException(Problem.notFound("There is no such resource."), e);
            }
        }
        return values;
    }

    private OptionalLong expectedVersion(ServerRequest request) {
        var tag = request.headers().first(HeaderNames.IF_MATCH).orElse("").strip();
        if (tag.isEmpty()) {
            throw Problem.of(
                            Kind.PRECONDITION_REQUIRED,
                            "if-match-required",
                            "Send If-Match with the ETag of the version that you have seen.")
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

    private byte[] body(ServerRequest request) throws IOException {
        var type = request.headers().contentType();
        if (type.isEmpty() || !isJson(type.get())) {
            throw Problem.of(Kind.UNSUPPORTED_MEDIA_TYPE, "json-required", "Send application/json.").asException();
        }
        if (request.headers().contains(HeaderNames.CONTENT_ENCODING)) {
            throw Problem.of(Kind.UNSUPPORTED_MEDIA_TYPE, "encoding-unsupported", "Send the body without an encoding.")
                    .asException();
        }
        var limit = rest.settings().maxBodySize().intBytes();
        if (request.headers().contentLength().orElse(0) > limit) {
            throw RestContext.TOO_LARGE.asException();
        }
        return read(request, limit);
    }

    /// Reads in pieces and looks at the clock between them: a body that trickles in ends at the deadline.
    private byte[] read(ServerRequest request, int limit) throws IOException {
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        var end = System.nanoTime() + rest.settings().requestTimeout().toNanos();
        var body = new ByteArrayOutputStream(512);
        var piece = new byte[8 * 1024];
        var in = request.content().inputStream();
        for (var n = in.read(piece); n >= 0; n = in.read(piece)) {
            body.write(piece, 0, n);
            if (body.size() > limit) {
                throw RestContext.TOO_LARGE.asException();
            }
            if (System.nanoTime() > end) {
                throw Problem.of(Kind.REQUEST_TIMEOUT, "body-timeout", "The body took too long to arrive.").asException();
            }
        }
        return body.toByteArray();
    }

    private static boolean isJson(HttpMediaType type) {
        var subtype = type.subtype().toLowerCase(Locale.ROOT);
        return type.type().equalsIgnoreCase("application")
                && (subtype.equals("json") || subtype.endsWith("+json"))
                && type.charset().map(charset -> charset.equalsIgnoreCase("utf-8")).orElse(true);
    }

    private I input(ServerRequest request, byte[] body) {
        var query = request.query();
        if (route.source() != Route.Source.QUERY && !query.isEmpty()) {
            var first = query.names().iterator().next();
            throw Problem.invalid(List.of(new FieldError(first, "unknown", "is not known here"))).asException();
        }
        var input = switch (route.source()) {
            case NOTHING, UNREAD -> nothing();
            case BODY -> rest.json().read(body, route.input());
            case QUERY -> rest.json().readQuery(query(query.toMap()), route.input());
        };
        rest.validation().check(input);
        return input;
    }

    private I nothing() {
        return route.input().cast(new Nothing());
    }

    private static Map<String, Object> query(Map<String, List<String>> parameters) {
        return parameters.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().size() == 1 ? entry.getValue().getFirst() : entry.getValue()));
    }

    private Optional<Idempotency.Key> idempotencyKey(ServerRequest request, Caller caller) {
        return request.headers().first(IDEMPOTENCY_KEY).map(value -> {
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

    private void finish(
            ServerRequest request, ServerResponse response, CallContext context, Reply reply, long begin) {
        var answer = Answer.of(reply, request.headers(), context, rest);
        answer.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
        response.header(REQUEST_ID, context.requestId());
        if (rest.draining() || answer.closes()) {
            response.header(HeaderNames.CONNECTION, "close");
        }
        response.status(answer.status());
        try {
            if (answer.body().length == 0 || request.prologue().method() == Method.HEAD) {
                response.send();
            } else {
                response.send(answer.body());
            }
        } finally {
            var nanos = System.nanoTime() - begin;
            metrics.record(answer.status(), nanos);
            ScopedValue.where(CallContext.CURRENT, context)
                    .run(() -> rest.accessLog()
                            .served(
                                    route.method(),
                                    request.path().rawPath(),
                                    route.path(),
                                    answer.status(),
                                    nanos,
                                    answer.body().length,
                                    context.caller()));
        }
    }
}
