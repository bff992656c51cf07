package dev.slipway.operation;

import dev.slipway.core.Problem;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/// How an operation ended: done, or refused. Each protocol has one answer for it.
public sealed interface Outcome<O> {

    /// @param version of the thing that was read or changed; the entity tag of REST
    record Done<O>(O value, OptionalLong version) implements Outcome<O> {
        public Done<O> version(long version) {
            return new Done<>(value, OptionalLong.of(version));
        }
    }

    /// A foreseen business outcome that is no success.
    record Refused<O>(Problem problem) implements Outcome<O> {}

    static <O> Done<O> done(O value) {
        return new Done<>(value, OptionalLong.empty());
    }

    static Done<Nothing> done() {
        return done(Nothing.NOTHING);
    }

    /// What was looked for, with its version, or else a refusal.
    static <O> Outcome<O> found(Optional<O> thing, ToLongFunction<O> version, Problem missing) {
        return thing.<Outcome<O>>map(found -> done(found).version(version.applyAsLong(found)))
                .orElseGet(() -> refused(missing));
    }

    static <O> Outcome<O> refused(Problem problem) {
        return new Refused<>(problem);
    }
}
