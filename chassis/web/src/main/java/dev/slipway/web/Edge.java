package dev.slipway.web;

import dev.slipway.core.CallContext;
import dev.slipway.core.Problem;
import dev.slipway.core.Time;
import dev.slipway.operation.Failures;
import dev.slipway.resilience.ConcurrencyLimit;
import dev.slipway.security.StreamLimit;
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
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The way in and out of the server, the same for whatever is served: admission, context and caller before the work;
/// the answer, whatever happened, the metrics and the access log after it. A client that goes while it sends leaves none
/// of them.
final class Edge {
    private static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
    private static final HeaderName CORRELATION_ID = HeaderNames.create("X-Correlation-Id");
    private static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");
    static final Header NO_SNIFF = HeaderValues.createCached("X-Content-Type-Options", "nosniff");
    private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

    private final RestContext rest;
    private final Endpoint endpoint;
    private final Duration requestTimeout;
    private final Time time;
    private final RouteMetrics metrics;
    private final ConcurrencyLimit.Workload admission;

    Edge(RestContext rest, Endpoint endpoint, String method) {
        this.rest = rest;
        this.time = rest.time();
        this.endpoint = endpoint;
        this.requestTimeout = endpoint.requestTimeout();
        this.metrics = new RouteMetrics(rest.meters(), method, endpoint.path());
        this.admission = rest.admission().workload();
        endpoint.statuses().forEach(metrics::declare);
    }

    /// A request, on the thread of its connection.
    private final class Visit {
        private final long begin = time.nanoTime();
        private final Place place = new Place(admission, time);
        private long sent;
        private StreamLimit.@Nullable Place stream;

        void leave() {
            place.leave(ConcurrencyLimit.Sample.UNMEASURED);
            if (stream != null) {
                stream.close();
            }
        }
    }

    void serve(ServerRequest request, ServerResponse response) {
        var visit = new Visit();
        try {
            var known = identified(request, visit.place.isAdmitted());
            ScopedValue.where(CallContext.CURRENT, known.context())
                    .run(() -> exchange(request, response, known, visit));
        } finally {
            visit.leave();
        }
    }

    private static @Nullable String first(ServerRequestHeaders headers, HeaderName name) {
        return headers.contains(name) ? headers.get(name).get() : null;
    }

    /// What is known of a request before its work.
    ///
    /// @param refusal why there will be none
    private record Identified(CallContext context, @Nullable Problem refusal) {}

    private Identified identified(ServerRequest request, boolean admitted) {
        var headers = request.headers();
        var context = rest.operations()
                .contexts()
                .ofRequest(
                        endpoint.name(),
                        first(headers, REQUEST_ID),
                        first(headers, CORRELATION_ID),
                        first(headers, TRACEPARENT),
                        requestTimeout)
                .withAddress(address(request));
        if (!isWellFramed(headers)) {
            return new Identified(context, RestContext.MALFORMED);
        }
        if (!admitted) {
            return new Identified(context, Failures.OVERLOADED);
        }
        if (!endpoint.identifies()) {
            return new Identified(context, null);
        }
        try {
            var caller = rest.operations().callers().identify(authorization(headers), context.address());
            return new Identified(context.withCaller(caller), null);
        } catch (RuntimeException e) {
            return new Identified(
                    context, ScopedValue.where(CallContext.CURRENT, context).call(() -> Problems.of(e)));
        }
    }

    private static List<String> authorization(ServerRequestHeaders headers) {
        return headers.all(HeaderNames.AUTHORIZATION, List::of);
    }

    /// The client's, if anything of each call depends on it.
    private String address(ServerRequest request) {
        return rest.operations().callers().needAddress() ? client(request) : "";
    }

    private String client(ServerRequest request) {
        return request.remotePeer().address() instanceof InetSocketAddress peer
                ? rest.operations()
                        .callers()
                        .address(
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

    private void exchange(ServerRequest request, ServerResponse response, Identified known, Visit visit) {
        var context = known.context();
        var connection = rest.connections().of(request.remotePeer());
        var contexts = rest.operations().contexts();
        var body = new RequestBody(
                request, connection, visit.place, endpoint.maxBodySize(), requestTimeout, contexts, context);
        var cancellation = new Cancellation(() -> contexts.isLate(context));
        connection.beginWork(cancellation, body.isLeftOver());
        Answer answer;
        try {
            answer = answer(request, body, known, cancellation, visit);
        } finally {
            connection.finishWork(cancellation);
        }
        answer.encode(request.headers(), rest.settings());
        visit.place.leave(outcome(answer, cancellation, visit.place));
        var closes = body.isLeftOver()
                || answer.aborts()
                || connection.isSpoilt()
                || rest.draining()
                || request.headers().contains(HeaderValues.CONNECTION_CLOSE);
        try {
            send(request, response, answer, context, closes, visit);
        } catch (UncheckedIOException e) {
            throw new CloseConnectionException("the client has gone", e);
        } finally {
            var nanos = time.nanoTime() - visit.begin;
            metrics.record(answer.status(), nanos);
            rest.accessLog()
                    .served(
                            request.prologue().method().text(),
                            request.path().rawPath(),
                            endpoint.path(),
                            answer.status(),
                            nanos,
                            visit.sent,
                            context.caller(),
                            answer.served(nanos));
        }
        if (closes) {
            if (body.isLeftOver() && !answer.aborts()) {
                body.discard();
            }
            throw new CloseConnectionException("the answer said so");
        }
    }

    private ConcurrencyLimit.Sample outcome(Answer answer, Cancellation cancellation, Place place) {
        if (cancellation.hasEndedLate() && place.hasHadMostOf(requestTimeout)) {
            return ConcurrencyLimit.Sample.OVERLOADED;
        }
        return cancellation.hasEnded() ? ConcurrencyLimit.Sample.UNMEASURED : answer.outcome();
    }

    private Answer answer(
            ServerRequest request, RequestBody body, Identified known, Cancellation cancellation, Visit visit) {
        var context = known.context();
        if (known.refusal() != null) {
            return endpoint.refused(request, context, known.refusal());
        }
        try {
            var answer = endpoint.answer(request, body, context, cancellation);
            if (answer.body() instanceof Answer.Stream) {
                visit.stream = rest.streams().enter(context.caller(), client(request));
            }
            return answer;
        } catch (CloseConnectionException e) {
            throw e;
        } catch (Throwable e) {
            return endpoint.refused(request, context, cancellation.problem(e));
        }
    }

    private void send(
            ServerRequest request,
            ServerResponse response,
            Answer answer,
            CallContext context,
            boolean closes,
            Visit visit) {
        response.status(answer.status());
        for (var header : answer.headers()) {
            if (header.headerName().equals(HeaderNames.VARY)) {
                Answer.vary(response, header);
            } else {
                response.header(header);
            }
        }
        response.header(NO_SNIFF);
        response.header(HeaderValues.create(REQUEST_ID, context.requestId()));
        rest.cors().allow(request.headers(), response);
        if (closes) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        var asksForHeaders = request.prologue().method().equals(Method.HEAD);
        switch (answer.body()) {
            case Answer.Bytes(var bytes) when bytes.length == 0 && answer.hasLength() -> response.send();
            case Answer.Bytes(var bytes)
            when bytes.length == 0 -> response.header(Http1.NO_LENGTH).send();
            case Answer.Bytes(var bytes)
            when asksForHeaders ->
                response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, String.valueOf(bytes.length)))
                        .send();
            case Answer.Stream _
            when asksForHeaders -> response.header(Http1.NO_LENGTH).send();
            case Answer.Bytes(var bytes) -> {
                visit.sent = bytes.length;
                response.send(bytes);
            }
            case Answer.Stream stream -> {
                var connection = rest.connections().of(request.remotePeer());
                try {
                    var out = response.outputStream();
                    out.flush();
                    // Heartbeats look after it meanwhile.
                    connection.works();
                    run(stream, out, authorization(request.headers()), context, visit);
                    connection.awaitsReading();
                    ((RoutingResponse) response).commit();
                } catch (IOException e) {
                    throw new CloseConnectionException("the client has gone", e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new CloseConnectionException("the stream was ended", e);
                }
            }
        }
    }

    private void run(
            Answer.Stream stream, OutputStream out, List<String> authorization, CallContext context, Visit visit)
            throws IOException, InterruptedException {
        var live = new LiveStream(
                out,
                stream.heartbeat(),
                () -> rest.operations().callers().identifyAgain(authorization),
                stream.isWork(),
                time);
        rest.beats().add(live);
        try {
            ScopedValue.where(CallContext.CURRENT, context.withoutDeadline()).call(() -> {
                stream.writer().write(live::write);
                return true;
            });
        } catch (InterruptedException e) {
            if (!live.end(stream.lastWord())) {
                throw e;
            }
        } finally {
            live.close();
            rest.beats().remove(live);
            visit.sent = live.written();
        }
    }
}
