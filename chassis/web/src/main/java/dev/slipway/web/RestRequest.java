package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.operation.Expected;
import dev.slipway.operation.Json;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Request;
import dev.slipway.security.RateLimits;
import dev.slipway.web.Negotiation.Fields;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One call as HTTP carries it. For one thread.
final class RestRequest<I> implements Request<I> {
    static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");

    private final Route<I, ?> route;
    private final ServerRequest request;
    private final RequestBody body;
    private final Negotiation negotiation;
    private final Json json;
    private Fields fields = Fields.ALL;
    private RateLimits.@Nullable Budget budget;
    private byte[] kept = {};

    RestRequest(Route<I, ?> route, ServerRequest request, RequestBody body, Negotiation negotiation, Json json) {
        this.route = route;
        this.request = request;
        this.body = body;
        this.negotiation = negotiation;
        this.json = json;
    }

    @Override
    public void budget(RateLimits.Budget left) {
        budget = left;
    }

    @Override
    public void kept(byte[] json) {
        kept = json;
    }

    /// The value of the answer as JSON, if it was written already; else empty.
    byte[] kept() {
        return kept;
    }

    /// What is left to the caller, for the answer.
    Optional<RateLimits.Budget> budget() {
        return Optional.ofNullable(budget);
    }

    @Override
    public String parameter(String name) {
        return request.path().pathParameters().get(name);
    }

    @Override
    public I input() throws IOException {
        negotiation.check(request.headers());
        var query = query();
        return switch (route.source()) {
            case NOTHING -> {
                refuseAll(query);
                yield route.description().input().cast(Nothing.NOTHING);
            }
            case QUERY -> json.readQuery(query, route.description().input());
            case BODY -> {
                refuseAll(query);
                yield json.read(body.readJson(), route.description().input());
            }
        };
    }

    /// What the client wants to see of the answer; known once the input is read.
    Fields fields() {
        return fields;
    }

    /// Whether the URL says which version of the API it is of; else there are several of it behind one URL.
    boolean namesVersion() {
        return request.path().path().startsWith("/v" + route.version() + "/");
    }

    @Override
    public Expected expected() {
        return Conditions.expected(request.headers());
    }

    @Override
    public Optional<String> idempotencyKey() {
        return Request.key(request.headers().all(IDEMPOTENCY_KEY, List::of));
    }

    /// The query as JSON would have it: what is said twice is a list. May be changed.
    static Map<String, Object> query(ServerRequest request) {
        var query = new HashMap<String, Object>();
        QueryString.values(request)
                .forEach((name, values) -> query.put(name, values.size() == 1 ? values.getFirst() : values));
        return query;
    }

    /// The operation's part of the query.
    private Map<String, Object> query() {
        if (request.query().isEmpty()) {
            return Map.of();
        }
        var query = query(request);
        if (route.method().equals("GET") && route.description().answers()) {
            fields = Fields.of(query.remove("fields"), route.description());
        }
        return query;
    }

    private static void refuseAll(Map<String, Object> query) {
        if (!query.isEmpty()) {
            var first = query.keySet().iterator().next();
            throw Problem.invalid(List.of(new FieldError(first, "unknown", "is not known here")))
                    .asException();
        }
    }
}
