package dev.slipway.operation;

import dev.slipway.core.Idempotency;
import dev.slipway.core.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Remembers keys for as long as it lives, for tests without a database. Its transactions undo nothing but claims.
/// Thread-safe.
public final class InMemoryIdempotency implements Idempotency, Transactions {
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final Map<Key, Entry> entries = new HashMap<>();
    private final ScopedValue<Unit> current = ScopedValue.newInstance();

    /// @param owner the transaction that is not committed yet
    private record Entry(
            String fingerprint,
            Answer answer,
            Instant expires,
            @Nullable Unit owner) {}

    /// A transaction.
    private static final class Unit {
        private final List<Key> claimed = new ArrayList<>();
    }

    public InMemoryIdempotency(Clock clock) {
        this.clock = clock;
    }

    @Override
    public <T, X extends Exception> T run(Mode mode, Predicate<? super T> commits, Work<T, X> work) throws X {
        var unit = new Unit();
        var committed = false;
        try {
            var result = ScopedValue.where(current, unit).<T, X>call(work::run);
            committed = commits.test(result);
            return result;
        } finally {
            end(unit, committed);
        }
    }

    private void end(Unit unit, boolean committed) {
        lock.lock();
        try {
            for (var key : unit.claimed) {
                entries.computeIfPresent(
                        key,
                        (claimed, entry) -> committed
                                ? new Entry(entry.fingerprint(), entry.answer(), entry.expires(), null)
                                : null);
            }
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Unit unit() {
        if (!current.isBound()) {
            throw new IllegalStateException("there is no transaction, and a claim must be in one");
        }
        return current.get();
    }

    @Override
    public Claim claim(Key key, String fingerprint, Duration keep, WhenBusy whenBusy) {
        var unit = unit();
        lock.lock();
        try {
            while (true) {
                var known = entries.get(key);
                if (known == null || (known.owner() == null && !known.expires().isAfter(clock.instant()))) {
                    entries.put(
                            key,
                            new Entry(
                                    fingerprint, new Answer(""), clock.instant().plus(keep), unit));
                    unit.claimed.add(key);
                    return new Claim.Granted();
                }
                if (known.owner() == null) {
                    return known.fingerprint().equals(fingerprint)
                            ? new Claim.Repeated(known.answer())
                            : new Claim.Mismatch();
                }
                if (whenBusy == WhenBusy.REFUSE || known.owner() == unit) {
                    return new Claim.InProgress();
                }
                ended.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void keep(Key key, Answer answer) {
        var unit = unit();
        lock.lock();
        try {
            entries.computeIfPresent(
                    key, (claimed, entry) -> new Entry(entry.fingerprint(), answer, entry.expires(), unit));
        } finally {
            lock.unlock();
        }
    }
}
