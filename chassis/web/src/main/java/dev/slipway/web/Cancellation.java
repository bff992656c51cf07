package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import dev.slipway.operation.Failures;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the work for one request early: the client has gone, or the deadline is over. Made by the thread that works;
/// thread-safe.
public final class Cancellation {
    private static final Logger LOG = LoggerFactory.getLogger(Cancellation.class);

    private final Thread owner = Thread.currentThread();
    private final BooleanSupplier isLate;
    private Consumer<Problem> action = why -> owner.interrupt();
    private @Nullable Problem reason;
    private boolean finished;

    /// @param isLate whether the deadline of the call is over
    Cancellation(BooleanSupplier isLate) {
        this.isLate = isLate;
    }

    /// What ends the work from now on, instead of an interrupt of its thread; done at most once, and at once if the end
    /// has come already.
    public synchronized void onEnd(Consumer<Problem> other) {
        action = other;
        if (reason != null) {
            act(reason);
        }
    }

    /// What the client is told of a failure: the end explains what an interrupt broke, but not what was refused.
    Problem problem(Throwable failure) {
        var why = reason();
        if (why == null || isRefusal(failure)) {
            return Problems.of(failure);
        }
        LOG.debug("work ended early", failure);
        return why;
    }

    private static boolean isRefusal(Throwable failure) {
        return Problems.known(failure).isPresent()
                || (failure instanceof ProblemException refused
                        && !refused.problem().kind().isFailure());
    }

    private synchronized @Nullable Problem reason() {
        return reason;
    }

    boolean hasEnded() {
        return reason() != null;
    }

    boolean hasEndedLate() {
        return Failures.LATE.equals(reason());
    }

    boolean isOverdue() {
        return isLate.getAsBoolean();
    }

    /// Only the first reason counts, and none after the work is done.
    synchronized void end(Problem why) {
        if (reason == null && !finished) {
            reason = why;
            act(why);
        }
    }

    private void act(Problem why) {
        try {
            action.accept(why);
        } catch (RuntimeException e) {
            LOG.error("work cannot be ended", e);
        }
    }

    /// Called by the thread that worked: an interrupt that was meant for the work goes with it.
    synchronized void finish() {
        finished = true;
        if (reason != null) {
            Thread.interrupted();
        }
    }
}
