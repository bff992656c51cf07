package dev.slipway.web;

import dev.slipway.core.CallContext;
import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import dev.slipway.operation.Outcome;
import dev.slipway.web.Negotiation.Fields;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.ServerRequest;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// Makes a call of a request for one route, and an answer of the outcome.
final class RestEndpoint<I, O> implements AddressedEndpoint {
    /// One browser may have several callers, one after the other.
    private static final Header VARY_BY_CALLER = HeaderValues.createCached(HeaderNames.VARY, "Authorization");

    private final Route<I, O> route;
    private final RestContext rest;
    private final Negotiation negotiation;
    private final List<Header> fixed;

    RestEndpoint(Route<I, O> route, RestContext rest) {
        this.route = route;
        this.rest = rest;
        this.negotiation = new Negotiation(rest.service(), route.version());
        this.fixed = fixed(route);
    }

    @Override
    public Route<I, O> route() {
        return route;
    }

    @Override
    public RestContext rest() {
        return rest;
    }

    /// The headers that do not depend on the request.
    private static List<Header> fixed(Route<?, ?> route) {
        var headers = new ArrayList<Header>();
        headers.add(Negotiation.VARY);
        headers.add(route.maxAge()
                .map(age -> HeaderValues.createCached(
                        HeaderNames.CACHE_CONTROL,
                        (route.policy().isPublic() ? "public, max-age=" : "private, max-age=") + age.toSeconds()))
                .orElse(Answer.NO_STORE));
        if (route.maxAge().isPresent() && !route.policy().isPublic()) {
            headers.add(VARY_BY_CALLER);
        }
        route.deprecation().ifPresent(deprecation -> {
            var since = deprecation.since().atStartOfDay(ZoneOffset.UTC);
            var sunset = deprecation.sunset().atStartOfDay(ZoneOffset.UTC);
            headers.add(HeaderValues.createCached("Deprecation", "@" + since.toEpochSecond()));
            headers.add(HeaderValues.createCached("Sunset", DateHeader.text(sunset.toInstant())));
        });
        return List.copyOf(headers);
    }

    @Override
    public Answer answer(ServerRequest request, RequestBody body, CallContext context, Cancellation cancellation)
            throws Exception {
        var call = new RestRequest<>(route, request, body, negotiation, rest.json());
        try {
            return switch (rest.operations().perform(route.operation(), call)) {
                case Outcome.Refused<O>(var problem) -> refused(problem, call, context);
                case Outcome.Done<O> done -> done(done, call, request.headers());
            };
        } catch (ProblemException e) {
            return refused(cancellation.problem(e), call, context);
        }
    }

    private Answer refused(Problem problem, RestRequest<I> call, CallContext context) {
        return limited(Answer.refused(problem, context.requestId(), rest.json()), call)
                .header(Negotiation.VARY);
    }

    private static Answer limited(Answer answer, RestRequest<?> call) {
        call.budget().ifPresent(answer::budget);
        return answer;
    }

    private Answer done(Outcome.Done<O> done, RestRequest<I> call, ServerRequestHeaders request) {
        var fields = call.fields();
        // What is left of a thing is not the thing: it has no tag, or a cache would mix the two up.
        var tag = done.version().isPresent() && fields instanceof Fields.All
                ? tag(done.version().getAsLong(), call, request)
                : "";
        var answer =
                limited(body(done, call, tag, request), call).headers(fixed).tag(tag);
        route.location()
                .ifPresent(path -> answer.header(
                        HeaderValues.create(HeaderNames.LOCATION, Printable.text(path.apply(done.value())))));
        return answer;
    }

    /// The strong entity tag: no two representations that one URL has share it, or a cache, which asks with all the tags
    /// that it has, would take what it keeps of one for the other
    /// ([RFC 9111, 4.3](https://www.rfc-editor.org/rfc/rfc9111#section-4.3)). See [Conditions].
    private String tag(long version, RestRequest<I> call, ServerRequestHeaders request) {
        var ofApi = call.namesVersion() ? "" : "-v" + route.version();
        return "\"" + version + ofApi + negotiation.suffix(request) + "\"";
    }

    private Answer body(Outcome.Done<O> done, RestRequest<I> call, String tag, ServerRequestHeaders request) {
        if (route.method().equals("GET") && !tag.isEmpty() && Conditions.isCurrent(tag, request)) {
            return Answer.empty(304);
        }
        if (!route.description().answers()) {
            return Answer.empty(route.success());
        }
        var written = call.kept();
        var fields = call.fields();
        return Answer.of(
                        route.success(),
                        written.length > 0 && fields instanceof Fields.All
                                ? written
                                : fields.write(done.value(), rest.json()))
                .header(negotiation.contentType(request));
    }
}
