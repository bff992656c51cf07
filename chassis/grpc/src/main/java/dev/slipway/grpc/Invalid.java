package dev.slipway.grpc;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.ProblemException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is told of a message that does not become a record: the codes and paths that REST tells too, such as
/// `variants[1].prices[0]`.
final class Invalid {
    private Invalid() {}

    static ProblemException format(String message, @Nullable Throwable cause) {
        return of("format", message, cause);
    }

    /// What a record's constructor thinks of its components.
    static ProblemException refused(RuntimeException e) {
        return switch (e) {
            case ProblemException known -> known;
            case IllegalArgumentException told when told.getMessage() != null -> of("invalid", told.getMessage(), e);
            case NullPointerException _ -> of("required", "lacks something that is required", e);
            default -> format("has the wrong type or format", e);
        };
    }

    private static ProblemException of(String code, String message, @Nullable Throwable cause) {
        return new ProblemException(Problem.invalid(List.of(new FieldError("", code, message))), cause);
    }

    /// Reads a value that must be there; what is wrong with it is told with where it stands.
    static Object at(Supplier<String> place, Codec codec, Object inMessage) {
        try {
            var value = codec.read(inMessage);
            if (value == null) {
                throw of("required", "lacks something that is required", null);
            }
            return value;
        } catch (ProblemException e) {
            throw below(place.get(), e);
        }
    }

    static ProblemException below(String place, ProblemException e) {
        var problem = e.problem();
        var fields = problem.fields().stream()
                .map(error -> new FieldError(place + separator(error) + error.field(), error.code(), error.message()))
                .toList();
        return new ProblemException(
                new Problem(problem.kind(), problem.code(), problem.detail(), fields, problem.retryAfter()), e);
    }

    private static String separator(FieldError error) {
        return error.field().isEmpty() || error.field().startsWith("[") ? "" : ".";
    }
}
