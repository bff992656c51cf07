package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.ProblemException;
import dev.slipway.operation.Expected;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Conditional requests ([RFC 9110, 13](https://www.rfc-editor.org/rfc/rfc9110#section-13)).
final class Conditions {
    private static final Pattern TAG = Pattern.compile("(W/)?(\"[^\"]*\")");
    /// The version of the thing; the version of the API if the URL has it not, and what it is sent as do not matter here.
    private static final Pattern VERSION_TAG = Pattern.compile("\"(\\d{1,18})(?:-v\\d{1,6})?(?:\\+json)?(?:-gzip)?\"");
    private static final int MOST_VERSIONS = 10;

    private Conditions() {}

    /// What `If-Match` says, and `If-None-Match` beside it.
    ///
    /// @throws dev.slipway.core.ProblemException if no version can be meant
    static Expected expected(ServerRequestHeaders headers) {
        var wanted = text(headers, HeaderNames.IF_MATCH);
        if (wanted.isEmpty()) {
            return new Expected.Unsaid();
        }
        var unwanted = text(headers, HeaderNames.IF_NONE_MATCH);
        if (wanted.equals("*")) {
            if (unwanted.isEmpty()) {
                return new Expected.Any();
            }
            throw unwanted.equals("*")
                    ? Problem.stale().asException()
                    : invalid("If-None-Match", "must come with the versions of If-Match");
        }
        var versions = TAG.matcher(wanted)
                .results()
                .filter(tag -> tag.group(1) == null && !isAmong(tag.group(2), unwanted))
                .map(tag -> VERSION_TAG.matcher(tag.group(2)))
                .filter(Matcher::matches)
                .map(version -> Long.parseLong(version.group(1)))
                .distinct()
                .toList();
        if (versions.size() > MOST_VERSIONS) {
            throw invalid("If-Match", "must be at most " + MOST_VERSIONS + " versions");
        }
        return switch (versions.size()) {
            case 0 -> throw Problem.stale().asException();
            case 1 -> new Expected.Exactly(versions.getFirst());
            default -> new Expected.OneOf(versions);
        };
    }

    private static ProblemException invalid(String header, String message) {
        return Problem.invalid(List.of(new FieldError(header, "unsupported", message)))
                .asException();
    }

    /// Whether the client has this version already. Only reading depends on it.
    static boolean isCurrent(String tag, ServerRequestHeaders request) {
        return request.contains(HeaderNames.IF_NONE_MATCH) && isAmong(tag, text(request, HeaderNames.IF_NONE_MATCH));
    }

    /// A weak comparison, as `If-None-Match` wants it (RFC 9110, 13.1.2).
    private static boolean isAmong(String tag, String seen) {
        return seen.equals("*")
                || TAG.matcher(seen)
                        .results()
                        .anyMatch(one -> plain(one.group(2)).equals(plain(tag)));
    }

    private static String plain(String tag) {
        return tag.replace("-gzip\"", "\"");
    }

    private static String text(ServerRequestHeaders headers, HeaderName name) {
        return headers.contains(name)
                ? String.join(",", headers.get(name).allValues()).strip()
                : "";
    }
}
