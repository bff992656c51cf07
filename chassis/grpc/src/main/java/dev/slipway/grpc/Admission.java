package dev.slipway.grpc;

import dev.slipway.resilience.ConcurrencyLimit;
import dev.slipway.resilience.ConcurrencyLimit.Sample;
import io.grpc.Status;

/// Admission control for the calls of one method.
sealed interface Admission {

    /// Whether one more call may come in; if so, [#leave] must follow.
    boolean enter();

    /// @param begin when the call came in, by [System#nanoTime]
    /// @param now when it has ended
    /// @param expired whether its deadline is over, and not since its client took most of the time
    void leave(long begin, long now, Status.Code status, boolean expired);

    /// Each call holds a place of the server's concurrency limit while it is served.
    ///
    /// One that its deadline ended was too slow for somebody: without them a limit that is far too high would be measured
    /// by nothing but the few calls that were quick.
    record Calls(ConcurrencyLimit.Workload place) implements Admission {
        @Override
        public boolean enter() {
            return place.tryAcquire();
        }

        @Override
        public void leave(long begin, long now, Status.Code status, boolean expired) {
            place.release(begin, now, sample(status, expired));
        }

        private static Sample sample(Status.Code status, boolean expired) {
            if (status == Status.Code.OK) {
                return Sample.SERVED;
            }
            return expired ? Sample.OVERLOADED : Sample.UNMEASURED;
        }
    }

    /// A stream begins only while calls are admitted, but holds no place: how long it lasts says nothing about
    /// the load, and idle streams are not to keep calls out. Their number is bounded by itself, once it is known whose they
    /// are.
    record Streams(ConcurrencyLimit calls) implements Admission {
        @Override
        public boolean enter() {
            return calls.inFlight() < calls.limit();
        }

        @Override
        public void leave(long begin, long now, Status.Code status, boolean expired) {}
    }
}
