package dev.slipway.security;

import java.util.Locale;

/// Why a token is not accepted; for the log and the metrics, never for the answer.
enum Refusal {
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

    RefusedException asException() {
        return new RefusedException(this);
    }

    /// Carries a refusal up to [Tokens].
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        private final Refusal refusal;

        private RefusedException(Refusal refusal) {
            super(refusal.slug(), null, false, false);
            this.refusal = refusal;
        }

        Refusal refusal() {
            return refusal;
        }
    }
}
