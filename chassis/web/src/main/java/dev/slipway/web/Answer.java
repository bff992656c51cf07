package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Emitter;
import dev.slipway.operation.Json;
import dev.slipway.resilience.ConcurrencyLimit;
import dev.slipway.security.RateLimits;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// An answer as it goes over the wire. Put together by one thread.
public final class Answer {
    static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
    static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
    private static final byte[] NONE = {};
    private static final HeaderName RATE_LIMIT_POLICY = HeaderNames.create("RateLimit-Policy");
    private static final HeaderName RATE_LIMIT = HeaderNames.create("RateLimit");

    static final Header PROBLEM = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Problems.MEDIA_TYPE);
    private static final Header BEARER = HeaderValues.createCached(HeaderNames.WWW_AUTHENTICATE, "Bearer");
    private static final Header VARY = HeaderValues.createCached(HeaderNames.VARY, "Accept-Encoding");
    private static final Header GZIP = HeaderValues.createCached(HeaderNames.CONTENT_ENCODING, "gzip");
    /// Asks proxies not to hold a stream back.
    private static final Header UNBUFFERED = HeaderValues.createCached("X-Accel-Buffering", "no");

    /// Writes a stream to its end. An [InterruptedException] ends the stream, and the connection if the client has not been
    /// told why.
    @FunctionalInterface
    public interface Writer {
        void write(Emitter<byte[]> out) throws InterruptedException;
    }

    /// Told once when the answer has been sent, or could not be.
    @FunctionalInterface
    public interface Served {
        /// @param nanos since the request came in
        /// @return what the access log should say besides
        Map<String, ?> served(long nanos);
    }

    /// What follows the headers.
    sealed interface Body {}

    @SuppressWarnings("ArrayRecordComponent") // written once, compared never
    record Bytes(byte[] bytes) implements Body {}

    /// Written while it comes into being.
    @SuppressWarnings("ArrayRecordComponent") // written many times, compared never
    record Stream(byte[] heartbeat, Function<Problem, byte[]> lastWord, boolean isWork, Writer writer)
            implements Body {}

    private final int status;
    private final List<Header> headers = new ArrayList<>(8);
    private Body body;
    private String tag = "";
    private boolean aborts;
    private Served served = nanos -> Map.of();

    private ConcurrencyLimit.Sample outcome;

    private Answer(int status, Body body) {
        this.status = status;
        this.body = body;
        this.outcome = status < 400 ? ConcurrencyLimit.Sample.SERVED : ConcurrencyLimit.Sample.UNMEASURED;
    }

    /// It is sent with gzip if it is large and the client takes that.
    public static Answer of(int status, byte[] body) {
        return new Answer(status, new Bytes(body));
    }

    /// An answer without end. It holds no place; its writer works without a deadline, and is interrupted if
    /// the client goes, takes nothing, or has a token that has expired, and when the service stops.
    ///
    /// @param heartbeat what the client takes for nothing, sent when the stream is silent; if it is empty there is none,
    ///     and a client that has gone is noticed at the next write
    /// @param lastWord what the client is sent at the end if its token has expired or the service stops
    public static Answer stream(byte[] heartbeat, Function<Problem, byte[]> lastWord, Writer writer) {
        return streamed(new Stream(heartbeat, lastWord, false, writer));
    }

    /// An answer that comes into being while the client is still sending. It is as [#stream] but for its end, which a
    /// stopping service waits for.
    static Answer dialogue(Function<Problem, byte[]> lastWord, Writer writer) {
        return streamed(new Stream(NONE, lastWord, true, writer));
    }

    private static Answer streamed(Stream body) {
        return new Answer(200, body).header(NO_STORE).header(UNBUFFERED).outcome(ConcurrencyLimit.Sample.UNMEASURED);
    }

    static Answer empty(int status) {
        return of(status, NONE);
    }

    static Answer refused(Problem problem, String requestId, Json json) {
        return of(ProblemStatus.code(problem.kind()), json.write(Problems.document(problem, requestId)))
                .header(NO_STORE)
                .header(PROBLEM)
                .because(problem);
    }

    public Answer header(Header header) {
        headers.add(header);
        return this;
    }

    Answer headers(List<Header> more) {
        headers.addAll(more);
        return this;
    }

    /// Says what a problem means for HTTP: when to come back, how to prove who calls, and whether the connection is of no
    /// more use, because what else stands on it cannot be understood. The status and the body are the protocol's.
    public Answer because(Problem problem) {
        problem.secondsToWait()
                .ifPresent(seconds -> header(HeaderValues.create(HeaderNames.RETRY_AFTER, String.valueOf(seconds))));
        if (problem.kind() == Kind.UNAUTHENTICATED) {
            header(BEARER);
        }
        aborts |= problem.kind() == Kind.REQUEST_TIMEOUT || problem.equals(RestContext.MALFORMED);
        return this;
    }

    /// Says what is left to the caller.
    public Answer budget(RateLimits.Budget budget) {
        return header(HeaderValues.create(RATE_LIMIT_POLICY, budget.policy()))
                .header(HeaderValues.create(RATE_LIMIT, budget.state()));
    }

    /// One more reason for an answer to vary; there may have been others.
    static void vary(ServerResponse response, Header more) {
        response.header(
                response.headers().contains(HeaderNames.VARY)
                        ? HeaderValues.create(
                                HeaderNames.VARY,
                                response.headers().get(HeaderNames.VARY).get() + ", " + more.get())
                        : more);
    }

    /// The strong entity tag; none if it is empty.
    Answer tag(String strong) {
        tag = strong;
        return this;
    }

    /// What the work says about the load, where the status does not: below 400 it was served.
    public Answer outcome(ConcurrencyLimit.Sample other) {
        outcome = other;
        return this;
    }

    /// Whom to tell when it has been sent.
    public Answer whenServed(Served told) {
        served = told;
        return this;
    }

    /// Compresses it if it is large and the client takes that. A compressed answer is another representation, so it has
    /// another strong tag ([RFC 9110, 8.8.3.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.3)).
    void encode(ServerRequestHeaders request, HttpSettings settings) {
        var large =
                bytes().length > 0 && bytes().length >= settings.compressFrom().bytes();
        var compressed = large && Gzip.accepted(request);
        if (!tag.isEmpty()) {
            var sent = compressed ? tag.substring(0, tag.length() - 1) + "-gzip\"" : tag;
            header(HeaderValues.create(HeaderNames.ETAG, sent));
        }
        if (large || status == 304) {
            header(VARY);
        }
        if (compressed) {
            header(GZIP);
            body = new Bytes(Gzip.compress(bytes()));
        }
    }

    ConcurrencyLimit.Sample outcome() {
        return outcome;
    }

    int status() {
        return status;
    }

    List<Header> headers() {
        return headers;
    }

    Body body() {
        return body;
    }

    /// Whether the connection is of no more use.
    boolean aborts() {
        return aborts;
    }

    Map<String, ?> served(long nanos) {
        return served.served(nanos);
    }

    /// Whether an empty body is said to be one ([RFC 9110, 8.6](https://www.rfc-editor.org/rfc/rfc9110#section-8.6)).
    boolean hasLength() {
        return status != 204 && status != 304;
    }

    /// What is known of the body beforehand.
    byte[] bytes() {
        return switch (body) {
            case Bytes(var bytes) -> bytes;
            case Stream _ -> NONE;
        };
    }
}
