package dev.slipway.grpc;

import dev.slipway.core.Time;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The calls of a server, and what ends them although neither side is done: a token that is valid no longer, if they are
/// streams, and a service that stops. Thread-safe.
final class OpenCalls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenCalls.class);

    private final Set<GrpcCall> open = ConcurrentHashMap.newKeySet();
    private final Duration interval;
    private final Time time;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean stopping;

    /// @param interval how often tokens are looked at again
    OpenCalls(Duration interval, Time time) {
        this.interval = interval;
        this.time = time;
    }

    void start() {
        Thread.ofVirtual().name("grpc streams").start(this::watch);
    }

    private void watch() {
        try {
            while (!time.await(closed, interval.toNanos())) {
                // Whoever looks may wait for the keys of an issuer.
                open.stream()
                        .filter(GrpcCall::isStream)
                        .forEach(call -> Thread.ofVirtual().name("grpc token").start(call::authenticateAgain));
            }
        } catch (InterruptedException e) {
            LOG.debug("streams are watched no longer");
        }
    }

    void add(GrpcCall call) {
        open.add(call);
        if (stopping && call.isStream()) {
            call.endIntake();
        }
    }

    void remove(GrpcCall call) {
        open.remove(call);
    }

    boolean hasStreams() {
        return open.stream().anyMatch(GrpcCall::isStream);
    }

    /// Tells all streams, also those to come, that the service stops.
    void endIntake() {
        stopping = true;
        open.stream().filter(GrpcCall::isStream).forEach(GrpcCall::endIntake);
    }

    /// Ends the calls that are left, which their clients are told.
    @Override
    public void close() {
        closed.countDown();
        open.forEach(GrpcCall::giveUp);
    }
}
