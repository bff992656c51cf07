package dev.slipway.resilience;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// Tells of something that may happen very often: the first time at once, then at most every ten seconds, with the count.
final class ThrottledLog {
    private static final long PAUSE = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanos;
    private final LongConsumer tell;
    private final AtomicLong untold = new AtomicLong();
    private final AtomicLong lastTold;

    /// @param tell gets how often it has happened since it was last told
    ThrottledLog(LongSupplier nanos, LongConsumer tell) {
        this.nanos = nanos;
        this.tell = tell;
        this.lastTold = new AtomicLong(nanos.getAsLong() - PAUSE);
    }

    void happened() {
        untold.incrementAndGet();
        var last = lastTold.get();
        var now = nanos.getAsLong();
        if (now - last >= PAUSE && lastTold.compareAndSet(last, now)) {
            tell.accept(untold.getAndSet(0));
        }
    }
}
