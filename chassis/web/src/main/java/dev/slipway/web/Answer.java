package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A reply as it goes over the wire.
///
/// @param aborts whether the connection is of no more use, because what else stands on it cannot be understood
record Answer(int status, List<Header> headers, byte[] body, boolean aborts) {
    private static final byte[] EMPTY = {};
    private static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
    private static final Header NO_SNIFF = HeaderValues.createCached("X-Content-Type-Options", "nosniff");
    private static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
    private static final Header PROBLEM = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Problems.MEDIA_TYPE);
    private static final Header BEARER = HeaderValues.createCached(HeaderNames.WWW_AUTHENTICATE, "Bearer");
    private static final Header VARY = HeaderValues.createCached(HeaderNames.VARY, "Accept-Encoding");
    private static final Header GZIP = HeaderValues.createCached(HeaderNames.CONTENT_ENCODING, "gzip");

    static Answer of(Reply reply, ServerRequestHeaders request, String requestId, RestContext rest) {
        return switch (reply) {
            case Reply.Done done -> done(done, request, rest);
            case Reply.Refused(var problem) -> refused(problem, requestId, rest.json());
        };
    }

    static Answer refused(Problem problem, String requestId, Json json) {
        var headers = safeHeaders();
        headers.add(PROBLEM);
        problem.retryAfter()
                .ifPresent(delay -> headers.add(
                        HeaderValues.create(HeaderNames.RETRY_AFTER, String.valueOf(Math.max(1, delay.toSeconds())))));
        if (problem.kind() == Kind.UNAUTHENTICATED) {
            headers.add(BEARER);
        }
        var aborts = problem.kind() == Kind.REQUEST_TIMEOUT || problem.equals(RestContext.MALFORMED);
        var body = json.write(Problems.document(problem, requestId));
        return new Answer(problem.kind().status(), headers, body, aborts);
    }

    private static Answer done(Reply.Done done, ServerRequestHeaders request, RestContext rest) {
        var tag = done.headers().get("ETag");
        if (done.status() == 200 && tag != null && isCurrent(tag, request)) {
            return new Answer(304, headers(done.headers(), tag), EMPTY, false);
        }
        if (done.body().isEmpty()) {
            return new Answer(done.status(), headers(done.headers(), tag), EMPTY, false);
        }
        var content = done.body().get();
        var body = content instanceof StoredReply.Raw raw
                ? raw.bytes()
                : rest.json().write(content);
        if (body.length < rest.settings().compressFrom().bytes()) {
            var headers = headers(done.headers(), tag);
            headers.add(JSON);
            return new Answer(done.status(), headers, body, false);
        }
        return large(done, tag, body, request);
    }

    /// A compressed answer is another representation, so it has another strong tag (RFC 9110, 8.8.3.3).
    private static Answer large(Reply.Done done, @Nullable String tag, byte[] body, ServerRequestHeaders request) {
        var compressed = request.first(HeaderNames.ACCEPT_ENCODING)
                .filter(Gzip::accepted)
                .isPresent();
        var sentTag = tag != null && compressed ? tag.substring(0, tag.length() - 1) + "-gzip\"" : tag;
        var headers = headers(done.headers(), sentTag);
        headers.add(JSON);
        headers.add(VARY);
        if (compressed) {
            headers.add(GZIP);
        }
        return new Answer(done.status(), headers, compressed ? Gzip.compress(body) : body, false);
    }

    private static ArrayList<Header> safeHeaders() {
        var headers = new ArrayList<Header>(8);
        headers.add(NO_STORE);
        headers.add(NO_SNIFF);
        return headers;
    }

    /// Later headers replace earlier ones of the same name, so a handler may allow caching.
    private static ArrayList<Header> headers(Map<String, String> own, @Nullable String tag) {
        var headers = safeHeaders();
        own.forEach((name, value) -> headers.add(
                HeaderValues.create(HeaderNames.create(name), name.equals("ETag") && tag != null ? tag : value)));
        return headers;
    }

    /// Weak comparison, as `If-None-Match` wants it (RFC 9110, 13.1.2).
    private static boolean isCurrent(String tag, ServerRequestHeaders request) {
        if (!request.contains(HeaderNames.IF_NONE_MATCH)) {
            return false;
        }
        for (var seen :
                String.join(",", request.values(HeaderNames.IF_NONE_MATCH)).split(",")) {
            var candidate = seen.strip();
            if (candidate.startsWith("W/")) {
                candidate = candidate.substring(2);
            }
            if (candidate.equals("*") || candidate.replace("-gzip\"", "\"").equals(tag)) {
                return true;
            }
        }
        return false;
    }
}
