package dev.slipway.grpc;

import com.google.protobuf.Timestamp;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// What a service needs when it reads and writes messages of proto files.
///
/// A constructor that throws `IllegalArgumentException` refuses its message, and what it says is told to the client.
/// [#field] and [#each] add where: nested, they give the path that REST tells too, such as `variants[1].prices[0]`.
public final class Messages {
    private Messages() {}

    /// Reads a message in a field of another.
    ///
    /// @param name the field's, as REST calls it
    /// @throws ProblemException if it is not valid
    public static <T> T field(String name, Supplier<T> reader) {
        try {
            return read(reader);
        } catch (ProblemException e) {
            throw new ProblemException(below(name, e.problem()), e);
        }
    }

    /// Reads the messages of a repeated field.
    ///
    /// @param name the field's, as REST calls it
    /// @throws ProblemException if one is not valid
    public static <M, T> List<T> each(String name, List<M> messages, Function<M, T> reader) {
        var all = new ArrayList<T>(messages.size());
        for (var message : messages) {
            all.add(field(name + "[" + all.size() + "]", () -> reader.apply(message)));
        }
        return all;
    }

    public static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    /// @throws ProblemException for an `IllegalArgumentException`
    static <T> T read(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            var error = new FieldError("", "invalid", e.getMessage() == null ? "is not valid" : e.getMessage());
            throw new ProblemException(Problem.invalid(List.of(error)), e);
        }
    }

    private static Problem below(String name, Problem problem) {
        var fields = problem.fields().stream()
                .map(error -> new FieldError(
                        error.field().isEmpty() ? name : name + "." + error.field(), error.code(), error.message()))
                .toList();
        return new Problem(problem.kind(), problem.code(), problem.detail(), fields, problem.retryAfter());
    }
}
