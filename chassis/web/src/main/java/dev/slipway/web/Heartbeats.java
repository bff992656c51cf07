package dev.slipway.web;

import dev.slipway.core.Time;
import dev.slipway.operation.Failures;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes something into every silent stream now and then, to keep proxies from closing it and to find out that a client
/// has gone; ends the streams whose client takes nothing any more, and all of them when the server stops. One thread for
/// all streams of a server.
final class Heartbeats implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
    private static final Duration LOOK = Duration.ofMillis(50);
    /// How long a client may take for what a stopping server writes.
    private static final Duration LAST_WRITE = Duration.ofSeconds(1);

    private final Duration interval;
    private final Time time;
    private final Set<LiveStream> streams = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch givingUp = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    Heartbeats(Duration interval, Time time) {
        this.interval = interval;
        this.time = time;
    }

    void start() {
        Thread.ofVirtual().name("stream heartbeats").start(this::run);
    }

    void add(LiveStream stream) {
        streams.add(stream);
        if (stopping.getCount() == 0) {
            stop(stream);
        }
    }

    private void stop(LiveStream stream) {
        if (!stream.isWork() || givingUp.getCount() == 0) {
            stream.stop(Failures.STOPPING);
        }
    }

    void remove(LiveStream stream) {
        streams.remove(stream);
    }

    /// Ends the streams that have no end of their own.
    void stop() {
        stopping.countDown();
        streams.forEach(this::stop);
    }

    /// Ends all streams.
    void giveUp() {
        givingUp.countDown();
        stop();
    }

    /// Cuts off what is left.
    @Override
    public void close() {
        giveUp();
        closed.countDown();
        streams.forEach(LiveStream::end);
    }

    private void run() {
        try {
            while (!time.await(stopping, interval.toNanos())) {
                streams.forEach(stream -> stream.beat(interval));
            }
            while (!time.await(closed, LOOK.toNanos())) {
                streams.forEach(stream -> stream.endIfStuck(LAST_WRITE));
            }
        } catch (InterruptedException e) {
            LOG.debug("no more heartbeats");
        }
    }
}
