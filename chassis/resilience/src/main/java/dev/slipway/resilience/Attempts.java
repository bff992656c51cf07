package dev.slipway.resilience;

import dev.slipway.core.CallContext;
import dev.slipway.core.Time;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Makes single attempts: bulkhead, then circuit breaker, then time limit.
///
/// An attempt runs on a virtual thread of its own, because the caller must get its answer in time also when the
/// attempt does not heed its interrupt. It keeps its place in the bulkhead until it has really ended.
record Attempts(
        String dependency,
        DependencySettings settings,
        Predicate<? super RuntimeException> isFailure,
        Time time,
        Semaphore slots,
        CircuitBreaker circuit) {
    /// @param admitted is told when the attempt is about to begin
    <T extends @Nullable Object> T make(Callable<T> work, TimeLimit limit, Runnable admitted) {
        takeSlot(limit);
        var started = false;
        try {
            if (!circuit.tryAcquirePermission()) {
                throw new DependencyException.CircuitOpen(
                        dependency, settings.circuitBreaker().openFor());
            }
            admitted.run();
            var task = new FutureTask<T>(inContext(work, limit));
            Thread.ofVirtual().name(dependency).start(() -> {
                try {
                    task.run();
                } finally {
                    slots.release();
                }
            });
            started = true;
            return await(task, limit);
        } finally {
            if (!started) {
                slots.release();
            }
        }
    }

    private void takeSlot(TimeLimit limit) {
        try {
            var patience = Math.min(settings.bulkhead().longestWait().toNanos(), limit.left());
            var taken = time.tryAcquire(slots, patience);
            if (limit.left() <= 0) {
                if (taken) {
                    slots.release();
                }
                throw new DependencyException.TimedOut(dependency);
            }
            if (!taken) {
                throw new DependencyException.BulkheadFull(dependency);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// The call's context, which the new thread does not inherit, with the deadline of this attempt.
    private <T extends @Nullable Object> Callable<T> inContext(Callable<T> work, TimeLimit limit) {
        var current = CallContext.current();
        if (current.isEmpty()) {
            return work;
        }
        var call = current.get();
        var end = time.clock().instant().plusNanos(limit.left());
        var deadline = call.deadline().filter(end::isAfter).orElse(end);
        var shrunk = call.withDeadline(deadline);
        return () -> ScopedValue.where(CallContext.CURRENT, shrunk).call(work::call);
    }

    private <T extends @Nullable Object> T await(FutureTask<T> task, TimeLimit limit) {
        var begin = time.nanoTime();
        try {
            var result = time.get(task, limit.left());
            circuit.onSuccess(time.nanoTime() - begin, TimeUnit.NANOSECONDS);
            return result;
        } catch (TimeoutException e) {
            task.cancel(true);
            throw timedOut(begin, limit, e);
        } catch (InterruptedException e) {
            task.cancel(true);
            circuit.releasePermission();
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw failed(begin, limit, e.getCause() == null ? e : e.getCause());
        }
    }

    private DependencyException timedOut(long begin, TimeLimit limit, Throwable cause) {
        if (limit.ofCaller()) {
            circuit.releasePermission();
        } else {
            circuit.onError(time.nanoTime() - begin, TimeUnit.NANOSECONDS, cause);
        }
        return new DependencyException.TimedOut(dependency);
    }

    private DependencyException failed(long begin, TimeLimit limit, Throwable cause) {
        if (limit.left() <= 0) {
            return timedOut(begin, limit, cause);
        }
        var nanos = time.nanoTime() - begin;
        if (cause instanceof RuntimeException answer && !isFailure.test(answer)) {
            circuit.onSuccess(nanos, TimeUnit.NANOSECONDS);
            throw answer;
        }
        circuit.onError(nanos, TimeUnit.NANOSECONDS, cause);
        if (cause instanceof Error error) {
            throw error;
        }
        return new DependencyException.Failed(dependency, cause);
    }

    private DependencyException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new DependencyException.Interrupted(dependency, e);
    }
}
