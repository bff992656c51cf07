package dev.slipway.resilience;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// A time that stands still until it is put on.
final class Nanos implements LongSupplier {
    private final AtomicLong now = new AtomicLong(1);

    void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    void to(long nanos) {
        now.set(nanos);
    }

    @Override
    public long getAsLong() {
        return now.get();
    }
}
