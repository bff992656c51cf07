package dev.slipway.graphql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The operations that one WebSocket is served at the moment, by the ids that the client gave them; each on a thread of
/// its own. Thread-safe.
final class SocketOperations {
    private final int most;
    private final Map<String, Operation> running = new HashMap<>();
    private boolean isLeaving;
    private boolean isGone;

    /// What became of an attempt to begin one.
    enum Begun {
        STARTED,
        ALREADY_THERE,
        TOO_MANY,
        LEAVING
    }

    private static final class Operation {
        private final Thread thread;
        private boolean isSubscription;

        Operation(Thread thread) {
            this.thread = thread;
        }
    }

    SocketOperations(int most) {
        this.most = most;
    }

    synchronized Begun begin(String id, Runnable work) {
        if (running.containsKey(id)) {
            return Begun.ALREADY_THERE;
        }
        if (isLeaving) {
            return Begun.LEAVING;
        }
        if (running.size() >= most || isGone) {
            return Begun.TOO_MANY;
        }
        var thread = Thread.ofVirtual().name("graphql-" + id).unstarted(work);
        running.put(id, new Operation(thread));
        thread.start();
        return Begun.STARTED;
    }

    /// The operation of the current thread is one that does not end by itself.
    ///
    /// @return whether it may begin
    synchronized boolean subscribes(String id) {
        var operation = running.get(id);
        if (isLeaving || operation == null || !operation.thread.equals(Thread.currentThread())) {
            return false;
        }
        operation.isSubscription = true;
        return true;
    }

    /// Whether it is this call, by the operation's own thread, that ended it.
    synchronized boolean ended(String id) {
        var operation = running.get(id);
        return operation != null && operation.thread.equals(Thread.currentThread()) && running.remove(id, operation);
    }

    /// Takes an operation off, whoever works for it.
    synchronized List<Thread> cancel(String id) {
        var operation = running.remove(id);
        return operation == null ? List.of() : List.of(operation.thread);
    }

    /// Nothing is begun any more.
    ///
    /// @return who works for subscriptions, which end now; the others go on
    synchronized List<Thread> leave() {
        isLeaving = true;
        return running.values().stream()
                .filter(operation -> operation.isSubscription)
                .map(operation -> operation.thread)
                .toList();
    }

    /// The client has gone.
    ///
    /// @return who works for it; nobody if this was said before
    synchronized List<Thread> gone() {
        isGone = true;
        var threads =
                running.values().stream().map(operation -> operation.thread).toList();
        running.clear();
        return threads;
    }

    /// Whether the last one has ended after [#leave].
    synchronized boolean hasLeft() {
        return isLeaving && running.isEmpty();
    }
}
