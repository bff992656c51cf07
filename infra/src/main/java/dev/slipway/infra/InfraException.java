package dev.slipway.infra;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// Infrastructure that could not be started, joined or used; the message says what to do about it.
public final class InfraException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    InfraException(String message) {
        this(message, null);
    }

    InfraException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
