package dev.slipway.grpc;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// The calls whose message has not arrived. They hold no place among those that are served, but memory: beyond a number
/// the one that has waited longest is refused, since the message of an honest call comes with its headers or soon after.
final class WaitingCalls {
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<GrpcCall> calls = new LinkedHashSet<>();

    WaitingCalls(int most) {
        this.most = most;
    }

    void add(GrpcCall call) {
        GrpcCall longest = null;
        lock.lock();
        try {
            calls.add(call);
            if (calls.size() > most) {
                longest = calls.iterator().next();
                calls.remove(longest);
            }
        } finally {
            lock.unlock();
        }
        if (longest != null) {
            longest.overloaded();
        }
    }

    void remove(GrpcCall call) {
        lock.lock();
        try {
            calls.remove(call);
        } finally {
            lock.unlock();
        }
    }
}
