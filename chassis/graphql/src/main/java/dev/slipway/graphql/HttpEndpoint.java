package dev.slipway.graphql;

import dev.slipway.core.CallContext;
import dev.slipway.core.DataSize;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import dev.slipway.operation.Emitter;
import dev.slipway.operation.Failures;
import dev.slipway.operation.Operations;
import dev.slipway.operation.Request;
import dev.slipway.security.RateLimits;
import dev.slipway.web.Accepted;
import dev.slipway.web.Answer;
import dev.slipway.web.Cancellation;
import dev.slipway.web.Mounted;
import dev.slipway.web.ProblemStatus;
import dev.slipway.web.QueryString;
import dev.slipway.web.RequestBody;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// GraphQL over HTTP ([draft](https://graphql.github.io/graphql-over-http/draft/)): queries and mutations by POST,
/// queries by GET, and any of them as a stream of events if the client accepts nothing else
/// ([distinct connections](https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md)).
///
/// Other sites cannot make a browser send these requests: a POST has to be JSON, and a GET has to carry a header that
/// browsers ask about first.
final class HttpEndpoint implements Mounted {
    private static final List<String> PREFLIGHT =
            List.of("GraphQL-Require-Preflight", "Apollo-Require-Preflight", "X-Apollo-Operation-Name");
    private static final List<HeaderName> PREFLIGHT_NAMES =
            PREFLIGHT.stream().map(HeaderNames::create).toList();

    private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");
    private static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
    private static final Header ALLOW_POST = HeaderValues.createCached(HeaderNames.ALLOW, "POST");
    private static final byte[] COMMENT = utf8(":\n\n");
    private static final String COMPLETE = "event: complete\ndata:\n\n";

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

    /// What a client wants to read.
    private enum Media {
        RESPONSE("application/graphql-response+json", "; charset=utf-8"),
        JSON("application/json", "; charset=utf-8"),
        EVENTS("text/event-stream", "");

        private final String name;
        private final Header header;

        Media(String name, String parameter) {
            this.name = name;
            header = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, name + parameter);
        }
    }

    private final GraphQlSettings settings;
    private final Supplier<Serving> serving;

    /// @param serving asked when there are requests
    HttpEndpoint(GraphQlSettings settings, Supplier<Serving> serving) {
        this.settings = settings;
        this.serving = serving;
    }

    @Override
    public String name() {
        return "graphql";
    }

    @Override
    public String path() {
        return GraphQl.PATH;
    }

    @Override
    public SortedSet<String> methods() {
        return new TreeSet<>(List.of("GET", "POST"));
    }

    @Override
    public List<String> headers() {
        return PREFLIGHT;
    }

    @Override
    public DataSize maxBodySize() {
        return settings.maxBodySize();
    }

    @Override
    public Duration requestTimeout() {
        return settings.requestTimeout();
    }

    @Override
    public Answer answer(ServerRequest request, RequestBody body, CallContext context, Cancellation cancellation)
            throws Exception {
        var media = accepted(request.headers()).orElseThrow(NOT_ACCEPTABLE::asException);
        var isGet = request.prologue().method().equals(Method.GET);
        var command = isGet ? fromQuery(request, body) : fromBody(body);
        Engine.Plan plan;
        try {
            plan = serving.get().plan(command, context.caller());
        } catch (Engine.RefusedException | ProblemException e) {
            return refused(media, context, Serving.refusal(e), true);
        }
        if (isGet && !plan.isQuery()) {
            return refused(media, context, Engine.Result.refused(BY_GET), false).header(ALLOW_POST);
        }
        var key = Request.key(request.headers().all(IDEMPOTENCY_KEY, List::of));
        if (key.isPresent() && !plan.isOneMutation()) {
            return refused(media, context, Engine.Result.refused(Operations.KEY_UNSUPPORTED), false);
        }
        if (!plan.isSubscription()) {
            return executed(plan, media, context, key, cancellation);
        }
        return takesEvents(request.headers())
                ? subscribed(plan, context, request.headers().all(HeaderNames.AUTHORIZATION, List::of))
                : refused(media, context, Engine.Result.refused(NO_STREAM), false);
    }

    private Answer executed(
            Engine.Plan plan, Media media, CallContext context, Optional<String> key, Cancellation cancellation) {
        var budgets = new ConcurrentLinkedQueue<RateLimits.Budget>();
        var result = serving.get().execute(plan, context, budgets::add, execution -> {
            execution.idempotencyKey(key);
            cancellation.onEnd(execution::end);
        });
        var json = serving.get().wire().write(result.toMap(context.requestId()));
        var status = media == Media.EVENTS ? 200 : status(media, result, true);
        var answer = Answer.of(status, media == Media.EVENTS ? utf8(next(json) + COMPLETE) : json)
                .header(media.header)
                .header(NO_STORE)
                .outcome(Serving.outcome(result))
                .whenServed(nanos -> serving.get().count(Served.of(transport(media), plan, result), nanos));
        var longest = longestToWaitFor(result);
        longest.ifPresent(answer::because);
        budget(budgets, longest.flatMap(Problem::retryAfter)).ifPresent(answer::budget);
        return answer;
    }

    private Answer subscribed(Engine.Plan plan, CallContext context, List<String> authorization) {
        var ending = new AtomicReference<>(Engine.Result.refused(Failures.GONE));
        return Answer.stream(COMMENT, why -> utf8(next(Engine.Result.refused(why), context) + COMPLETE), out -> {
                    out.send(COMMENT);
                    Emitter<Engine.Result> events = event -> out.send(utf8(next(event, context)));
                    var result = serving.get().subscribe(plan, context, authorization, events);
                    ending.set(result);
                    if (!result.failures().isEmpty()) {
                        events.send(result);
                    }
                    out.send(utf8(COMPLETE));
                })
                .header(Media.EVENTS.header)
                .whenServed(nanos ->
                        serving.get().count(Served.of(transport(Media.EVENTS), plan, ending.get()), nanos));
    }

    @Override
    public Answer refused(ServerRequest request, CallContext context, Problem problem) {
        return refused(
                accepted(request.headers()).orElse(Media.RESPONSE), context, Engine.Result.refused(problem), false);
    }

    private Answer refused(Media media, CallContext context, Engine.Result result, boolean wellFormed) {
        return Answer.of(
                        status(media, result, wellFormed),
                        serving.get().wire().write(result.toMap(context.requestId())))
                .header((media == Media.EVENTS ? Media.RESPONSE : media).header)
                .header(NO_STORE)
                .because(result.failures().getFirst().problem())
                .whenServed(nanos -> serving.get().count(Served.refused(transport(media), result), nanos));
    }

    /// What is wrong with the document is no error of HTTP's for clients that know only plain JSON.
    private static int status(Media media, Engine.Result result, boolean wellFormed) {
        if (result.executed()) {
            return 200;
        }
        var status = ProblemStatus.code(result.failures().getFirst().problem().kind());
        return media == Media.JSON && wellFormed && (status == 400 || status == 404) ? 200 : status;
    }

    private static Optional<Problem> longestToWaitFor(Engine.Result result) {
        return result.failures().stream()
                .map(Failure::problem)
                .filter(problem -> problem.retryAfter().isPresent())
                .max(Comparator.comparing(problem -> problem.retryAfter().orElseThrow()));
    }

    /// Each field that is an operation has one. What is told is the one that is waited for, else the one that leaves least.
    private static Optional<RateLimits.Budget> budget(Collection<RateLimits.Budget> all, Optional<Duration> wait) {
        return all.stream()
                .min(Comparator.comparing((RateLimits.Budget left) -> !wait.equals(Optional.of(left.reset())))
                        .thenComparingLong(RateLimits.Budget::remaining));
    }

    private static String transport(Media media) {
        return media == Media.EVENTS ? Served.EVENTS : Served.HTTP;
    }

    private String next(Engine.Result event, CallContext context) {
        return next(serving.get().wire().write(event.toMap(context.requestId())));
    }

    /// JSON has no line breaks, so the data is one line.
    private static String next(byte[] json) {
        return "event: next\ndata: " + new String(json, StandardCharsets.UTF_8) + "\n\n";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// The media type that is wanted most; the newer one where the client does not care.
    private static Optional<Media> accepted(ServerRequestHeaders headers) {
        var accepted =
                headers.contains(HeaderNames.ACCEPT) ? Accepted.of(headers, HeaderNames.ACCEPT) : Accepted.ANYTHING;
        return Arrays.stream(Media.values())
                .filter(media -> accepted.ofMediaType(media.name) > 0)
                .reduce((best, other) ->
                        accepted.ofMediaType(other.name) > accepted.ofMediaType(best.name) ? other : best);
    }

    /// Subscriptions have one media type: that others are wanted more does not matter if it is named.
    private static boolean takesEvents(ServerRequestHeaders headers) {
        var accepted = Accepted.of(headers, HeaderNames.ACCEPT);
        return accepted.names(Media.EVENTS.name) && accepted.ofMediaType(Media.EVENTS.name) > 0;
    }

    private Command fromQuery(ServerRequest request, RequestBody body) {
        if (PREFLIGHT_NAMES.stream().noneMatch(request.headers()::contains) && !body.isJson()) {
            throw NO_PREFLIGHT.asException();
        }
        var map = new HashMap<String, Object>();
        QueryString.values(request).forEach((name, values) -> {
            if (values.size() > 1) {
                throw Command.MALFORMED.asException();
            }
            var value = values.getFirst();
            if (!value.isEmpty()) {
                map.put(name, name.equals("variables") || name.equals("extensions") ? read(utf8(value)) : value);
            }
        });
        return Command.of(map, request.query().rawValue().length());
    }

    private Command fromBody(RequestBody body) throws IOException {
        var json = body.readJson();
        return Command.of(read(json), json.length);
    }

    private Object read(byte[] text) {
        return serving.get().operations().json().read(text, Object.class);
    }
}
