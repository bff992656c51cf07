package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.operation.Expected;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.util.List;
import java.util.regex.Pattern;

/// Conditional requests ([RFC 9110, 13](https://www.rfc-editor.org/rfc/rfc9110#section-13)).
final class Conditions {
    private static final Pattern VERSION_TAG = Pattern.compile("\"(\\d{1,18})(?:-gzip)?\"");

    private Conditions() {}

    /// What `If-Match` says.
    ///
    /// @throws dev.slipway.core.ProblemException if it is more than one tag, or one that was never given
    static Expected expected(ServerRequestHeaders headers) {
        var tags = headers.values(HeaderNames.IF_MATCH);
        if (tags.isEmpty() || tags.getFirst().isBlank()) {
            return new Expected.Unsaid();
        }
        var tag = tags.getFirst().strip();
        if (tags.size() > 1 || tag.contains(",")) {
            throw Problem.invalid(List.of(new FieldError("If-Match", "single", "must be one ETag")))
                    .asException();
        }
        if (tag.equals("*")) {
            return new Expected.Any();
        }
        var match = VERSION_TAG.matcher(tag);
        if (!match.matches()) {
            throw Problem.stale().asException();
        }
        return new Expected.Exactly(Long.parseLong(match.group(1)));
    }

    /// Whether the client has this version already; a weak comparison, as `If-None-Match` wants it (RFC 9110, 13.1.2).
    static boolean isCurrent(String tag, ServerRequestHeaders request) {
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
