package dev.slipway.grpc;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.ProblemException;
import java.util.List;
import java.util.function.Supplier;

/// Runs what a service wrote to read messages.
final class Messages {
    private Messages() {}

    /// @throws ProblemException for an `IllegalArgumentException`, whose message is told to the client
    static <T> T read(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            var error = new FieldError("", "invalid", e.getMessage() == null ? "is not valid" : e.getMessage());
            throw new ProblemException(Problem.invalid(List.of(error)), e);
        }
    }
}
