package dev.slipway.web;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes something into every silent stream now and then, to keep proxies from closing it and to find out that a client
/// has gone; ends the streams whose client takes nothing any more. One thread for all streams of a server.
final class Heartbeats implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

    private final Duration interval;
    private final Set<LiveStream> streams = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    Heartbeats(Duration interval) {
        this.interval = interval;
    }

    void start() {
        Thread.ofVirtual().name("stream heartbeats").start(this::run);
    }

    void add(LiveStream stream) {
        streams.add(stream);
        if (closed.getCount() == 0) {
            stream.end();
        }
    }

    void remove(LiveStream stream) {
        streams.remove(stream);
    }

    /// Ends all streams.
    @Override
    public void close() {
        closed.countDown();
        streams.forEach(LiveStream::end);
    }

    private void run() {
        try {
            while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                streams.forEach(stream -> stream.beat(interval));
            }
        } catch (InterruptedException e) {
            LOG.debug("no more heartbeats");
        }
    }
}
