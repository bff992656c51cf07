package dev.slipway.testing;

import dev.slipway.core.Idempotency;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Keeps answers for as long as it lives, for tests of a route without a database. Thread-safe.
public final class InMemoryIdempotency implements Idempotency {
    /// By key; empty while the work is being done.
    private final Map<Key, Optional<Stored>> answers = new ConcurrentHashMap<>();

    private record Stored(String fingerprint, Answer answer) {}

    @Override
    public Outcome once(Key key, String fingerprint, Supplier<Answer> work) {
        var known = answers.putIfAbsent(key, Optional.empty());
        if (known == null) {
            return first(key, fingerprint, work);
        }
        return known.<Outcome>map(stored -> stored.fingerprint().equals(fingerprint)
                        ? new Outcome.Repeated(stored.answer())
                        : new Outcome.Mismatch())
                .orElseGet(Outcome.InProgress::new);
    }

    private Outcome first(Key key, String fingerprint, Supplier<Answer> work) {
        try {
            var answer = work.get();
            answers.put(key, Optional.of(new Stored(fingerprint, answer)));
            return new Outcome.Done(answer);
        } finally {
            answers.remove(key, Optional.empty());
        }
    }
}
