package dev.slipway.operation;

import dev.slipway.core.Idempotency;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Keeps answers for one thread.
final class MemoryIdempotency implements Idempotency {
    private final Map<Key, Map.Entry<String, Answer>> answers = new HashMap<>();

    @Override
    public Outcome once(Key key, String fingerprint, Supplier<Answer> work) {
        var known = answers.get(key);
        if (known != null) {
            return known.getKey().equals(fingerprint) ? new Outcome.Repeated(known.getValue()) : new Outcome.Mismatch();
        }
        var answer = work.get();
        answers.put(key, Map.entry(fingerprint, answer));
        return new Outcome.Done(answer);
    }
}
