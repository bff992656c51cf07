package dev.slipway.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that stands still until a test moves it. Thread-safe.
public final class MovableClock extends Clock {
    private final AtomicReference<Instant> now;
    private final ZoneId zone;

    private MovableClock(AtomicReference<Instant> now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /// At noon of a day in 2026.
    public static MovableClock atNoon() {
        return at(Instant.parse("2026-03-01T12:00:00Z"));
    }

    public static MovableClock at(Instant start) {
        return new MovableClock(new AtomicReference<>(start), ZoneOffset.UTC);
    }

    /// Moves the clock, back if negative.
    public void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /// The same clock, read in another zone.
    @Override
    public Clock withZone(ZoneId other) {
        return new MovableClock(now, other);
    }
}
