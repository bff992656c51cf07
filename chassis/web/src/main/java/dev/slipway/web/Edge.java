package dev.slipway.web;

import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import dev.slipway.operation.Failures;
import dev.slipway.resilience.ConcurrencyLimit;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The way in and out of the server, the same for whatever is served: admission, context and caller before the work;
/// the answer, whatever happened, the metrics and the access log after it.
final class Edge {
    private static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
    private static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");
    static final Header NO_SNIFF = HeaderValues.createCached("X-Content-Type-Options", "nosniff");
    private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

    /// What is done for a request that was let in.
    @FunctionalInterface
    interface Work {
        Answer answer(ServerRequest request, RequestBody body, CallContext context) throws Exception;
    }

    private final RestContext rest;
    private final String operation;
    private final String path;
    private final boolean identifies;
    private final RouteMetrics metrics;
    private final ConcurrencyLimit.Operation place;
    private final Work work;

    /// @param operation the name of what is served
    /// @param path a template, so that logs and metrics have few of them
    /// @param identifies whether it matters who calls
    Edge(RestContext rest, String operation, String method, String path, boolean identifies, Work work) {
        this.rest = rest;
        this.operation = operation;
        this.path = path;
        this.identifies = identifies;
        this.metrics = new RouteMetrics(rest.meters(), method, path);
        this.place = rest.door().operation();
        this.work = work;
    }

    void serve(ServerRequest request, ServerResponse response) {
        var begin = System.nanoTime();
        var admitted = place.tryAcquire();
        var outcome = ConcurrencyLimit.Outcome.UNMEASURED;
        try {
            var headers = request.headers();
            var context = rest.operations()
                    .context(
                            operation,
                            first(headers, REQUEST_ID),
                            first(headers, TRACEPARENT),
                            rest.settings().requestTimeout())
                    .withAddress(address(request));
            Throwable refusal = null;
            try {
                context = context.withCaller(caller(headers, admitted, context.address()));
            } catch (Throwable e) {
                refusal = e;
            }
            var known = context;
            var refused = refusal;
            outcome = ScopedValue.where(CallContext.CURRENT, known)
                    .call(() -> exchange(request, response, known, refused, begin));
        } finally {
            if (admitted) {
                place.release(begin, System.nanoTime(), outcome);
            }
        }
    }

    private static @Nullable String first(ServerRequestHeaders headers, HeaderName name) {
        return headers.contains(name) ? headers.get(name).get() : null;
    }

    private Caller caller(ServerRequestHeaders headers, boolean admitted, String address) {
        if (!isWellFramed(headers)) {
            throw RestContext.MALFORMED.asException();
        }
        if (!admitted) {
            throw Failures.OVERLOADED.asException();
        }
        return identifies
                ? rest.operations().authenticate(headers.all(HeaderNames.AUTHORIZATION, List::of), address)
                : new Caller.Anonymous();
    }

    /// The client's, if anything depends on it.
    private String address(ServerRequest request) {
        return rest.operations().isLimited() && request.remotePeer().address() instanceof InetSocketAddress peer
                ? rest.operations()
                        .client(
                                peer.getAddress().getHostAddress(),
                                request.headers().values(HeaderNames.X_FORWARDED_FOR))
                : "";
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

    /// @return what it says about the load: refusals are quick for other reasons, and streams are slow for others
    private ConcurrencyLimit.Outcome exchange(
            ServerRequest request,
            ServerResponse response,
            CallContext context,
            @Nullable Throwable refusal,
            long begin) {
        var body = new RequestBody(request, rest.settings());
        var answer = answer(request, body, context, refusal);
        var closes = body.isLeftOver()
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
                            answer.bytes().length,
                            context.caller());
        }
        if (closes) {
            if (body.isLeftOver() && !answer.aborts()) {
                body.discard();
            }
            throw new CloseConnectionException("the answer said so");
        }
        return answer.status() < 400 && answer.body() instanceof Answer.Bytes
                ? ConcurrencyLimit.Outcome.SERVED
                : ConcurrencyLimit.Outcome.UNMEASURED;
    }

    private Answer answer(ServerRequest request, RequestBody body, CallContext context, @Nullable Throwable refusal) {
        try {
            if (refusal != null) {
                throw refusal;
            }
            return work.answer(request, body, context);
        } catch (CloseConnectionException e) {
            throw e;
        } catch (Throwable e) {
            return Answer.refused(Problems.of(e), context.requestId(), rest.json());
        }
    }

    private void send(ServerRequest request, ServerResponse response, Answer answer, String requestId, boolean closes) {
        response.status(answer.status());
        for (var header : answer.headers()) {
            response.header(header);
        }
        response.header(NO_SNIFF);
        response.header(HeaderValues.create(REQUEST_ID, requestId));
        rest.cors().allow(request.headers(), response);
        if (closes) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        switch (answer.body()) {
            case Answer.Bytes(var bytes)
            when bytes.length == 0 || request.prologue().method().equals(Method.HEAD) -> response.send();
            case Answer.Bytes(var bytes) -> response.send(bytes);
            case Answer.Stream(var writer) -> {
                try {
                    writer.write(response.outputStream());
                    ((RoutingResponse) response).commit();
                } catch (IOException | UncheckedIOException e) {
                    throw new CloseConnectionException("the client has gone", e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new CloseConnectionException("the service stops", e);
                }
            }
        }
    }
}
