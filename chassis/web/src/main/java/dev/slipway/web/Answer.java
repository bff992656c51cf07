package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Json;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/// An answer as it goes over the wire.
///
/// @param headers besides those that every answer has
/// @param aborts whether the connection is of no more use, because what else stands on it cannot be understood
public record Answer(int status, List<Header> headers, Body body, boolean aborts) {
    static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
    static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
    private static final byte[] NONE = {};

    private static final Header PROBLEM = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Problems.MEDIA_TYPE);
    private static final Header BEARER = HeaderValues.createCached(HeaderNames.WWW_AUTHENTICATE, "Bearer");
    private static final Header VARY = HeaderValues.createCached(HeaderNames.VARY, "Accept-Encoding");
    private static final Header GZIP = HeaderValues.createCached(HeaderNames.CONTENT_ENCODING, "gzip");

    /// What follows the headers.
    public sealed interface Body {}

    @SuppressWarnings("ArrayRecordComponent") // written once, compared never
    record Bytes(byte[] bytes) implements Body {}

    /// Written while it comes into being.
    record Stream(Writer writer) implements Body {}

    /// Writes a stream to its end; what it throws ends the connection.
    @FunctionalInterface
    interface Writer {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    static Answer empty(int status, List<Header> headers) {
        return new Answer(status, headers, new Bytes(NONE), false);
    }

    /// Compressed if it is large and the client accepts that.
    ///
    /// @param tag the entity tag, if there is one: a compressed answer is another representation, so it has another
    ///     strong tag (RFC 9110, 8.8.3.3)
    static Answer of(
            int status,
            List<Header> headers,
            String tag,
            byte[] body,
            ServerRequestHeaders request,
            HttpSettings settings) {
        var large = body.length >= settings.compressFrom().bytes();
        var compressed = large
                && request.first(HeaderNames.ACCEPT_ENCODING)
                        .filter(Gzip::accepted)
                        .isPresent();
        var all = new ArrayList<Header>(headers.size() + 3);
        all.addAll(headers);
        if (!tag.isEmpty()) {
            var sent = compressed ? tag.substring(0, tag.length() - 1) + "-gzip\"" : tag;
            all.add(HeaderValues.create(HeaderNames.ETAG, sent));
        }
        if (large) {
            all.add(VARY);
        }
        if (compressed) {
            all.add(GZIP);
        }
        return new Answer(status, all, new Bytes(compressed ? Gzip.compress(body) : body), false);
    }

    /// @param headers the content type among them
    public static Answer of(int status, List<Header> headers, byte[] body) {
        return new Answer(status, headers, new Bytes(body), false);
    }

    static Answer refused(Problem problem, String requestId, Json json) {
        var headers = new ArrayList<Header>(4);
        headers.add(NO_STORE);
        headers.add(PROBLEM);
        problem.retryAfter()
                .ifPresent(delay -> headers.add(
                        HeaderValues.create(HeaderNames.RETRY_AFTER, String.valueOf(Math.max(1, delay.toSeconds())))));
        if (problem.kind() == Kind.UNAUTHENTICATED) {
            headers.add(BEARER);
        }
        var aborts = problem.kind() == Kind.REQUEST_TIMEOUT || problem.equals(RestContext.MALFORMED);
        var body = new Bytes(json.write(Problems.document(problem, requestId)));
        return new Answer(problem.kind().status(), headers, body, aborts);
    }

    /// What is known of the body beforehand.
    byte[] bytes() {
        return switch (body) {
            case Bytes(var bytes) -> bytes;
            case Stream _ -> NONE;
        };
    }
}
