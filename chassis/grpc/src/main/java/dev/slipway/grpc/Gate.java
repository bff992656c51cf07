package dev.slipway.grpc;

import dev.slipway.resilience.ConcurrencyLimit;
import dev.slipway.resilience.ConcurrencyLimit.Sample;
import io.grpc.Status;
import java.util.concurrent.Semaphore;

/// Where the calls of one method come in, and go out.
sealed interface Gate {

    /// Whether one more call may come in; if so, [#leave] must follow.
    boolean enter();

    /// @param begin when the call came in, by [System#nanoTime]
    /// @param now when it has ended
    /// @param expired whether its deadline is over
    void leave(long begin, long now, Status.Code status, boolean expired);

    /// Each call has a place at the server while it is served.
    ///
    /// One that its deadline ended was too slow for somebody: without them a limit that is far too high would be measured
    /// by nothing but the few calls that were quick.
    record Calls(ConcurrencyLimit.Workload place) implements Gate {
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

    /// A stream begins only while there is room in the limit, but takes no place in it: how long it lasts says nothing about
    /// the load, and idle streams are not to keep calls out. Their number is bounded by itself.
    ///
    /// @param free one permit for each stream of the server that may be served at once
    record Streams(ConcurrencyLimit admission, Semaphore free) implements Gate {
        @Override
        public boolean enter() {
            return admission.inFlight() < admission.limit() && free.tryAcquire();
        }

        @Override
        public void leave(long begin, long now, Status.Code status, boolean expired) {
            free.release();
        }
    }
}
