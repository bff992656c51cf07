package dev.slipway.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Why a call was refused or failed, the same for REST (RFC 9457), gRPC and GraphQL.
///
/// @param kind what sort of problem it is; each protocol has one status for it
/// @param code a stable slug that clients may rely on, for example `email-taken`
/// @param detail a sentence for people; holds no class, SQL, stack or secret
/// @param fields which inputs are wrong, in the order of the input
/// @param retryAfter when trying again makes sense
public record Problem(Kind kind, String code, String detail, List<FieldError> fields, Optional<Duration> retryAfter) {

    /// One wrong input.
    ///
    /// @param field where it stands, for example `lines[2].quantity`
    /// @param code a stable slug of the rule that it breaks
    /// @param message a sentence for people
    public record FieldError(String field, String code, String message) {}

    /// Sorts of problems, with their HTTP status (RFC 9110, RFC 6585).
    public enum Kind {
        INVALID(400, "Bad request"),
        UNAUTHENTICATED(401, "Unauthorized"),
        FORBIDDEN(403, "Forbidden"),
        NOT_FOUND(404, "Not found"),
        METHOD_NOT_ALLOWED(405, "Method not allowed"),
        NOT_ACCEPTABLE(406, "Not acceptable"),
        REQUEST_TIMEOUT(408, "Request timeout"),
        CONFLICT(409, "Conflict"),
        PRECONDITION_FAILED(412, "Precondition failed"),
        TOO_LARGE(413, "Content too large"),
        UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
        UNPROCESSABLE(422, "Unprocessable content"),
        PRECONDITION_REQUIRED(428, "Precondition required"),
        TOO_MANY(429, "Too many requests"),
        HEADERS_TOO_LARGE(431, "Request header fields too large"),
        INTERNAL(500, "Internal server error"),
        UNAVAILABLE(503, "Service unavailable"),
        TIMEOUT(504, "Gateway timeout");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        public int status() {
            return status;
        }

        public String title() {
            return title;
        }
    }

    public Problem {
        if (!code.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException("not a slug: \"" + code + "\"");
        }
        fields = List.copyOf(fields);
    }

    public static Problem of(Kind kind, String code, String detail) {
        return new Problem(kind, code, detail, List.of(), Optional.empty());
    }

    public static Problem invalid(List<FieldError> fields) {
        return new Problem(Kind.INVALID, "invalid-input", "The input is not valid.", fields, Optional.empty());
    }

    public static Problem notFound(String detail) {
        return of(Kind.NOT_FOUND, "not-found", detail);
    }

    /// Somebody else changed it first.
    public static Problem stale() {
        return of(
                Kind.PRECONDITION_FAILED, "stale-version", "The resource has changed since; read it again and repeat.");
    }

    public Problem retryAfter(Duration delay) {
        return new Problem(kind, code, detail, fields, Optional.of(delay));
    }

    public ProblemException asException() {
        return new ProblemException(this, null);
    }
}
