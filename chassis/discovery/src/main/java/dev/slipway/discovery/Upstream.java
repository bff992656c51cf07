package dev.slipway.discovery;

import java.util.concurrent.atomic.AtomicInteger;

/// What this copy of the service has seen of one instance. Counters may be used by any thread; the rest of the mutable
/// state is written by [Targets] alone, under its lock.
final class Upstream {
    final Instance instance;
    final String address;

    /// Calls that have been picked and not closed.
    final AtomicInteger inFlight = new AtomicInteger();

    /// Failures since the last success.
    final AtomicInteger failures = new AtomicInteger();

    /// Set from the failure that reaches the limit until a later call succeeds.
    volatile boolean failing;

    /// Whether no call but a probe goes here; of those that fail, not all may be left out.
    volatile boolean ejected;

    /// Counts verdicts about the instance, so that calls that began before the last one do not count again.
    volatile int verdicts;

    /// In milliseconds of the clock, as are all below.
    long failingSince;

    /// The last ejection or probe.
    long judgedAt;

    long probeAt;
    long recoveredAt;

    /// How long the last ejection lasts; 0 if there has been none.
    long ejection;

    Upstream(Instance instance) {
        this.instance = instance;
        this.address = instance.address();
    }

    @Override
    public String toString() {
        return instance.toString();
    }
}
