package dev.slipway.operation;

import dev.slipway.core.Idempotency;
import dev.slipway.core.Transactions;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Remembers keys for as long as it lives, for tests without a database. Its transactions undo nothing, so no repetition
/// runs, and who may compete waits instead. Thread-safe.
public final class InMemoryIdempotency implements Idempotency, Transactions {
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final Map<Key, Entry> entries = new HashMap<>();

    /// @param answer none while the work is in progress
    private record Entry(
            String fingerprint, Instant expires, @Nullable Answer answer) {}

    public InMemoryIdempotency(Clock clock) {
        this.clock = clock;
    }

    @Override
    public <T, X extends Exception> T run(Mode mode, Predicate<? super T> commits, Work<T, X> work) throws X {
        return work.run();
    }

    @Override
    public <T, X extends Exception> Result<T> once(
            Claim claim, Mode mode, Function<? super T, Optional<Answer>> answer, Work<T, X> work) throws X {
        var known = this.<T>claim(claim);
        if (known.isPresent()) {
            return known.get();
        }
        var kept = Optional.<Answer>empty();
        try {
            var result = work.run();
            kept = answer.apply(result);
            return new Result.Worked<>(result);
        } finally {
            end(claim, kept);
        }
    }

    /// @return what is known of it; empty if it is the caller's now
    private <T> Optional<Result<T>> claim(Claim claim) {
        lock.lock();
        try {
            var known = this.<T>find(claim);
            while (claim.whenBusy() == WhenBusy.COMPETE
                    && known.isPresent()
                    && known.get() instanceof Result.InProgress) {
                ended.awaitUninterruptibly();
                known = find(claim);
            }
            if (known.isEmpty()) {
                put(claim, null);
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private void put(Claim claim, @Nullable Answer answer) {
        entries.put(claim.key(), new Entry(claim.fingerprint(), clock.instant().plus(claim.keep()), answer));
    }

    private void end(Claim claim, Optional<Answer> answer) {
        lock.lock();
        try {
            if (answer.isPresent()) {
                put(claim, answer.get());
            } else {
                entries.remove(claim.key());
            }
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public <T> Optional<Result<T>> find(Claim claim) {
        lock.lock();
        try {
            var known = entries.get(claim.key());
            if (known == null) {
                return Optional.empty();
            }
            if (known.answer() == null) {
                return Optional.of(new Result.InProgress<>());
            }
            if (!known.expires().isAfter(clock.instant())) {
                return Optional.empty();
            }
            return Optional.of(
                    known.fingerprint().equals(claim.fingerprint())
                            ? new Result.Repeated<>(known.answer())
                            : new Result.Mismatch<>());
        } finally {
            lock.unlock();
        }
    }
}
