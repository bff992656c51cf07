package dev.slipway.security;

import java.util.Locale;

/// Why a token is not accepted; for the log and the metrics, never for the answer.
enum TokenFault {
    SEVERAL_HEADERS,
    NOT_BEARER,
    TOO_LARGE,
    MALFORMED,
    FORBIDDEN_HEADER,
    WRONG_TYPE,
    UNKNOWN_ISSUER,
    WRONG_AUDIENCE,
    NO_SUBJECT,
    EXPIRED,
    NOT_YET_VALID,
    WRONG_ALGORITHM,
    UNKNOWN_KEY,
    WRONG_SIGNATURE;

    String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    InvalidTokenException asException() {
        return new InvalidTokenException(this);
    }

    /// Carries a fault up to [Tokens].
    static final class InvalidTokenException extends Exception {
        private static final long serialVersionUID = 1;

        private final TokenFault fault;

        private InvalidTokenException(TokenFault fault) {
            super(fault.slug(), null, false, false);
            this.fault = fault;
        }

        TokenFault fault() {
            return fault;
        }
    }
}
