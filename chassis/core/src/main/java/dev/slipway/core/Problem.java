package dev.slipway.core;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

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

    /// Whether the same call is worth trying again.
    public enum Retry {
        /// It will fail in the same way: what was sent is wrong.
        NEVER,
        /// Only once something else has changed: the caller's rights, the state of what it is about, or this service.
        AFTER_CHANGE,
        /// By itself it may succeed a little later.
        LATER;

        /// As callers are told by every protocol, for example `after-change`.
        public String slug() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// Sorts of problems. Each protocol has one status for each.
    public enum Kind {
        INVALID(Retry.NEVER),
        UNAUTHENTICATED(Retry.AFTER_CHANGE),
        FORBIDDEN(Retry.AFTER_CHANGE),
        NOT_FOUND(Retry.AFTER_CHANGE),
        METHOD_NOT_ALLOWED(Retry.NEVER),
        NOT_ACCEPTABLE(Retry.NEVER),
        REQUEST_TIMEOUT(Retry.LATER),
        CONFLICT(Retry.AFTER_CHANGE),
        PRECONDITION_FAILED(Retry.AFTER_CHANGE),
        TOO_LARGE(Retry.NEVER),
        UNSUPPORTED_MEDIA_TYPE(Retry.NEVER),
        UNPROCESSABLE(Retry.NEVER),
        PRECONDITION_REQUIRED(Retry.NEVER),
        TOO_MANY(Retry.LATER),
        HEADERS_TOO_LARGE(Retry.NEVER),
        /// Nobody foresaw it, so nobody knows: it is tried again once somebody has looked at it.
        INTERNAL(Retry.AFTER_CHANGE),
        UNAVAILABLE(Retry.LATER),
        TIMEOUT(Retry.LATER);

        private final Retry retry;

        Kind(Retry retry) {
            this.retry = retry;
        }

        /// Whether a call with such a problem is worth trying again, if the problem itself does not say when.
        public Retry retry() {
            return retry;
        }

        /// Whether it is this side that failed, and not the caller's that asked for something wrong.
        public boolean isFailure() {
            return switch (this) {
                case INTERNAL, UNAVAILABLE, TIMEOUT -> true;
                case INVALID,
                        UNAUTHENTICATED,
                        FORBIDDEN,
                        NOT_FOUND,
                        METHOD_NOT_ALLOWED,
                        NOT_ACCEPTABLE,
                        REQUEST_TIMEOUT,
                        CONFLICT,
                        PRECONDITION_FAILED,
                        TOO_LARGE,
                        UNSUPPORTED_MEDIA_TYPE,
                        UNPROCESSABLE,
                        PRECONDITION_REQUIRED,
                        TOO_MANY,
                        HEADERS_TOO_LARGE -> false;
            };
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

    /// Whether the work was done is not known, so that doing it again may do it twice.
    public static Problem outcomeUnknown() {
        return of(
                Kind.INTERNAL,
                "outcome-unknown",
                "The connection to the database was lost at the end of the work, which may have been done or not;"
                        + " look before you repeat it.");
    }

    public Problem retryAfter(Duration delay) {
        return new Problem(kind, code, detail, fields, Optional.of(delay));
    }

    /// Whether the same call is worth trying again: later, if the problem says when; else as its kind has it.
    public Retry retry() {
        return retryAfter.isPresent() ? Retry.LATER : kind.retry();
    }

    /// [#retryAfter] in whole seconds, rounded up and at least one; empty if the problem does not say when.
    public OptionalLong secondsToWait() {
        return retryAfter
                .map(delay ->
                        OptionalLong.of(Math.max(1, delay.plusNanos(999_999_999).toSeconds())))
                .orElse(OptionalLong.empty());
    }

    public ProblemException asException() {
        return new ProblemException(this, null);
    }
}
