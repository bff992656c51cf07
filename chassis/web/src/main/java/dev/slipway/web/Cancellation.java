package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.operation.Failures;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Ends the work for one request early: the client has gone, or the deadline is over. Made by the thread that works;
/// thread-safe.
public final class Cancellation {
    private final Thread owner = Thread.currentThread();
    private final long deadline;
    private Consumer<Problem> action = reason -> owner.interrupt();
    private @Nullable Problem reason;
    private boolean finished;

    /// @param deadline by [System#nanoTime]
    Cancellation(long deadline) {
        this.deadline = deadline;
    }

    /// What ends the work, instead of an interrupt of its thread; done at most once, at once if the end has come already.
    public synchronized void onEnd(Consumer<Problem> other) {
        action = other;
        if (reason != null) {
            other.accept(reason);
        }
    }

    /// What the client is told of a failure: the end explains whatever an interrupt broke.
    synchronized Problem problem(Throwable failure) {
        return reason == null ? Problems.of(failure) : reason;
    }

    synchronized boolean isLate() {
        return Failures.LATE.equals(reason);
    }

    boolean isDue() {
        return System.nanoTime() - deadline > 0;
    }

    synchronized boolean hasEnded() {
        return reason != null;
    }

    /// Only the first reason counts, and none after the work is done.
    synchronized void end(Problem why) {
        if (reason == null && !finished) {
            reason = why;
            action.accept(why);
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
