package dev.slipway.web;

import dev.slipway.core.CallContext;
import dev.slipway.core.Problem;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A reply as it goes over the wire.
///
/// @param closes whether the connection cannot be used again, because the body was not read to its end
record Answer(int status, Map<String, String> headers, byte[] body, boolean closes) {

    static Answer of(Reply reply, ServerRequestHeaders request, CallContext context, RestContext rest) {
        return switch (reply) {
            case Reply.Done done -> done(done, request, rest);
            case Reply.Refused(var problem) -> refused(problem, context, rest);
        };
    }

    private static Answer done(Reply.Done done, ServerRequestHeaders request, RestContext rest) {
        var headers = safeHeaders();
        headers.putAll(done.headers());
        if (done.status() == 200 && isCurrent(done.headers().get("ETag"), request)) {
            return new Answer(304, headers, new byte[0], false);
        }
        if (done.body().isEmpty()) {
            return new Answer(done.status(), headers, new byte[0], false);
        }
        headers.put("Content-Type", "application/json");
        var content = done.body().get();
        var body = content instanceof StoredReply.Raw raw ? raw.bytes() : rest.json().write(content);
        return compressed(new Answer(done.status(), headers, body, false), request, rest);
    }

    private static Answer refused(Problem problem, CallContext context, RestContext rest) {
        var headers = safeHeaders();
        headers.put("Content-Type", Problems.MEDIA_TYPE);
        problem.retryAfter()
                .ifPresent(delay -> headers.put("Retry-After", String.valueOf(Math.max(1, delay.toSeconds()))));
        if (problem.kind() == Problem.Kind.UNAUTHENTICATED) {
            headers.put("WWW-Authenticate", "Bearer");
        }
        var body = rest.json().write(Problems.document(problem, context.requestId()));
        var closes = problem.kind() == Problem.Kind.TOO_LARGE || problem.kind() == Problem.Kind.REQUEST_TIMEOUT;
        return new Answer(problem.kind().status(), headers, body, closes);
    }

    private static Map<String, String> safeHeaders() {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Cache-Control", "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        return headers;
    }

    /// A compressed answer is another representation, so it has another strong tag (RFC 9110, 8.8.3.3).
    private static Answer compressed(Answer plain, ServerRequestHeaders request, RestContext rest) {
        if (plain.body().length < rest.settings().compressFrom().bytes()) {
            return plain;
        }
        var headers = new LinkedHashMap<>(plain.headers());
        headers.put("Vary", "Accept-Encoding");
        if (!request.first(HeaderNames.ACCEPT_ENCODING).map(Gzip::accepted).orElse(false)) {
            return new Answer(plain.status(), headers, plain.body(), false);
        }
        headers.put("Content-Encoding", "gzip");
        headers.computeIfPresent("ETag", (name, tag) -> tag.substring(0, tag.length() - 1) + "-gzip\"");
        return new Answer(plain.status(), headers, Gzip.compress(plain.body()), false);
    }

    /// Weak comparison, as `If-None-Match` wants it (RFC 9110, 13.1.2).
    private static boolean isCurrent(@Nullable String tag, ServerRequestHeaders request) {
        if (tag == null) {
            return false;
        }
        for (var seen : request.first(HeaderNames.IF_NONE_MATCH).orElse("").split(",")) {
            var candidate = seen.strip().replaceFirst("^W/", "").replace("-gzip\"", "\"");
            if (candidate.equals("*") || candidate.equals(tag)) {
                return true;
            }
        }
        return false;
    }
}
