package dev.slipway.web;

import dev.slipway.core.Time;
import dev.slipway.operation.Failures;
import dev.slipway.resilience.ConcurrencyLimit;
import dev.slipway.resilience.ConcurrencyLimit.Sample;
import java.time.Duration;

/// A request's place at the admission. It is held while the request is worked on, and not while its client sends or reads:
/// who is waited for is no load, and how long that takes says nothing about it. For the thread of the request.
final class Place {
    private final ConcurrencyLimit.Workload admission;
    private final Time time;
    private final boolean admitted;
    private boolean held;
    private long since;
    private long left;

    /// Takes one, if there is one.
    Place(ConcurrencyLimit.Workload admission, Time time) {
        this.admission = admission;
        this.time = time;
        this.since = time.nanoTime();
        this.admitted = admission.tryAcquire();
        this.held = admitted;
    }

    /// Whether there was one at first.
    boolean isAdmitted() {
        return admitted;
    }

    /// The client is waited for until [#takeAgain].
    void lend() {
        left = time.nanoTime();
        leave(Sample.UNMEASURED);
    }

    /// @throws dev.slipway.core.ProblemException if all have been taken meanwhile
    void takeAgain() {
        if (!admission.tryAcquire()) {
            throw Failures.OVERLOADED.asException();
        }
        held = true;
        since += time.nanoTime() - left;
    }

    /// Whether the work has had most of this limit to itself, so that being late is its own fault and not the client's.
    boolean hasHadMostOf(Duration limit) {
        return time.nanoTime() - since > limit.toNanos() / 2;
    }

    /// Gives it back, once.
    ///
    /// @param sample what the request says about the load: refusals are quick for other reasons, and streams are slow for
    ///     others
    void leave(Sample sample) {
        if (held) {
            held = false;
            admission.release(since, time.nanoTime(), sample);
        }
    }
}
