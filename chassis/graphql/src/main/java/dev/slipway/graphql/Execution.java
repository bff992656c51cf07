package dev.slipway.graphql;

import dev.slipway.core.CallContext;
import dev.slipway.core.CallContexts;
import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import dev.slipway.operation.Failures;
import dev.slipway.security.RateLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The work for one request (or one event of a subscription): who calls, until when, on which threads. It can be ended
/// from outside; then every thread that works for it is interrupted, and no further call into the service is made.
final class Execution {
    private final CallContext context;
    private final Consumer<RateLimits.Budget> budget;
    private final CallContexts contexts;
    private final Thread owner = Thread.currentThread();
    private final List<Thread> forks = new ArrayList<>();
    private Optional<String> idempotencyKey = Optional.empty();
    private boolean forking;
    private boolean done;
    private volatile @Nullable Problem ended;

    /// Made by the thread that serves the request.
    ///
    /// @param budget told what is left to the caller
    Execution(CallContexts contexts, CallContext context, Consumer<RateLimits.Budget> budget) {
        this.contexts = contexts;
        this.context = context;
        this.budget = budget;
    }

    CallContext context() {
        return context;
    }

    /// The key that came with the request and not as an argument; said before the work begins.
    void idempotencyKey(Optional<String> sent) {
        idempotencyKey = sent;
    }

    Optional<String> idempotencyKey() {
        return idempotencyKey;
    }

    void budget(RateLimits.Budget left) {
        budget.accept(left);
    }

    boolean isLate() {
        return contexts.isLate(context);
    }

    /// Whether root fields are worked on at the same time.
    void fork(boolean now) {
        forking = now;
    }

    boolean forking() {
        return forking;
    }

    /// Interrupts the work; only the first reason counts.
    synchronized void end(Problem why) {
        if (ended == null && !done) {
            ended = why;
            owner.interrupt();
            forks.forEach(Thread::interrupt);
        }
    }

    Problem reason(Throwable failure) {
        var why = ended;
        return why == null ? Failures.of(failure) : why;
    }

    /// @throws ProblemException if the work was ended or is too late
    void requireTime() {
        if (ended == null && isLate()) {
            end(Failures.LATE);
        }
        var why = ended;
        if (why != null) {
            throw new ProblemException(why, null);
        }
    }

    /// Works on a thread of its own, in the context of this call.
    CompletableFuture<Object> fork(Callable<@Nullable Object> work) {
        var result = new CompletableFuture<Object>();
        var thread = Thread.ofVirtual()
                .name("graphql")
                .unstarted(() -> ScopedValue.where(CallContext.CURRENT, context).run(() -> {
                    try {
                        result.complete(work.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                }));
        synchronized (this) {
            requireTime();
            forks.add(thread);
        }
        thread.start();
        return result;
    }

    /// Waits until what was forked is done; if it is interrupted, the forks are, and it still waits for their end.
    void awaitForks() {
        for (var fork : forks()) {
            while (true) {
                try {
                    fork.join();
                    break;
                } catch (InterruptedException e) {
                    end(Failures.STOPPING);
                }
            }
        }
    }

    private synchronized List<Thread> forks() {
        return List.copyOf(forks);
    }

    /// Ends without an interrupt that is meant for this work reaching what the thread does next.
    synchronized void finish() {
        done = true;
        if (ended != null) {
            Thread.interrupted();
        }
    }
}
