package dev.slipway.postgres;

import dev.slipway.postgres.DatabaseException.ConstraintViolated;
import java.util.function.Supplier;

/// How the writing of a row may end, others having been there first: types whose `switch` is complete without a default.
public final class Write {
    private Write() {}

    /// Of a row with a value that must be unique.
    public sealed interface Unique<T> permits Done, Taken {}

    /// Of one version of a row only (optimistic locking).
    public sealed interface Versioned<T> permits Done, Stale, Missing {}

    /// Of one version of a row only, which gets a value that must be unique.
    public sealed interface UniqueVersioned<T> permits Done, Taken, Stale, Missing {}

    /// @param row as it is now, or was when it was deleted
    public record Done<T>(T row) implements Unique<T>, Versioned<T>, UniqueVersioned<T> {}

    /// Another row has the value.
    public record Taken<T>() implements Unique<T>, UniqueVersioned<T> {}

    /// The row has another version by now.
    public record Stale<T>() implements Versioned<T>, UniqueVersioned<T> {}

    /// There is no such row.
    public record Missing<T>() implements Versioned<T>, UniqueVersioned<T> {}

    /// Does a write that is refused if a value is taken.
    ///
    /// @param constraint the name of the only constraint whose violation is foreseen
    /// @param write a whole unit of work: after the refusal its transaction can only be rolled back
    public static <T> Unique<T> unique(String constraint, Supplier<T> write) {
        try {
            return new Done<>(write.get());
        } catch (ConstraintViolated e) {
            return taken(constraint, e);
        }
    }

    /// As [#unique], for a write of one version of a row.
    public static <T> UniqueVersioned<T> uniqueVersioned(String constraint, Supplier<Versioned<T>> write) {
        try {
            return switch (write.get()) {
                case Done<T> done -> done;
                case Stale<T> stale -> stale;
                case Missing<T> missing -> missing;
            };
        } catch (ConstraintViolated e) {
            return taken(constraint, e);
        }
    }

    private static <T> Taken<T> taken(String constraint, ConstraintViolated e) {
        if (e.constraint().equals(constraint)) {
            return new Taken<>();
        }
        throw e;
    }
}
