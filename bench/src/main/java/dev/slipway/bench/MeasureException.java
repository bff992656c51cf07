package dev.slipway.bench;

import java.io.Serial;

/// Says why nothing can be measured.
final class MeasureException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    MeasureException(String message) {
        super(message);
    }
}
