package dev.slipway.web;

import dev.slipway.core.Problem.Kind;

/// The HTTP status of each kind of problem (RFC 9110, RFC 6585).
public final class ProblemStatus {
    private ProblemStatus() {}

    public static int code(Kind kind) {
        return switch (kind) {
            case INVALID -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case NOT_ACCEPTABLE -> 406;
            case REQUEST_TIMEOUT -> 408;
            case CONFLICT -> 409;
            case PRECONDITION_FAILED -> 412;
            case TOO_LARGE -> 413;
            case UNSUPPORTED_MEDIA_TYPE -> 415;
            case UNPROCESSABLE -> 422;
            case PRECONDITION_REQUIRED -> 428;
            case TOO_MANY -> 429;
            case HEADERS_TOO_LARGE -> 431;
            case INTERNAL -> 500;
            case UNAVAILABLE -> 503;
            case TIMEOUT -> 504;
        };
    }

    static String title(Kind kind) {
        return switch (kind) {
            case INVALID -> "Bad request";
            case UNAUTHENTICATED -> "Unauthorized";
            case FORBIDDEN -> "Forbidden";
            case NOT_FOUND -> "Not found";
            case METHOD_NOT_ALLOWED -> "Method not allowed";
            case NOT_ACCEPTABLE -> "Not acceptable";
            case REQUEST_TIMEOUT -> "Request timeout";
            case CONFLICT -> "Conflict";
            case PRECONDITION_FAILED -> "Precondition failed";
            case TOO_LARGE -> "Content too large";
            case UNSUPPORTED_MEDIA_TYPE -> "Unsupported media type";
            case UNPROCESSABLE -> "Unprocessable content";
            case PRECONDITION_REQUIRED -> "Precondition required";
            case TOO_MANY -> "Too many requests";
            case HEADERS_TOO_LARGE -> "Request header fields too large";
            case INTERNAL -> "Internal server error";
            case UNAVAILABLE -> "Service unavailable";
            case TIMEOUT -> "Gateway timeout";
        };
    }
}
