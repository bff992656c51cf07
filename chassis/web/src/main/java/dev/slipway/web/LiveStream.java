package dev.slipway.web;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A stream to one client. Its owner writes and waits while the client is slow; heartbeats come from elsewhere.
final class LiveStream {
    private final OutputStream out;
    private final byte[] heartbeat;
    private final Thread owner = Thread.currentThread();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Thread writer;
    private volatile long lastWrite = System.nanoTime();

    /// @param heartbeat what the client takes for nothing; none if it is empty
    LiveStream(OutputStream out, byte[] heartbeat) {
        this.out = out;
        this.heartbeat = heartbeat.clone();
    }

    /// @throws InterruptedException if the client has gone
    void write(byte[] frame) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            put(frame);
        } catch (IOException | UncheckedIOException e) {
            var gone = new InterruptedException("the client has gone");
            gone.initCause(e);
            throw gone;
        } finally {
            lock.unlock();
        }
    }

    private void put(byte[] frame) throws IOException {
        lastWrite = System.nanoTime();
        writer = Thread.currentThread();
        try {
            out.write(frame);
            out.flush();
        } finally {
            writer = null;
            lastWrite = System.nanoTime();
        }
    }

    /// @param interval a stream that was silent for so long gets a heartbeat; a write that takes twice as long is given up
    void beat(Duration interval) {
        var since = System.nanoTime() - lastWrite;
        var stuck = writer;
        if (stuck != null) {
            if (since > 2 * interval.toNanos()) {
                stuck.interrupt();
                end();
            }
        } else if (since >= interval.toNanos() / 2 && heartbeat.length > 0) {
            Thread.ofVirtual().name("stream heartbeat").start(this::tryBeat);
        }
    }

    private void tryBeat() {
        if (!lock.tryLock()) {
            return;
        }
        try {
            put(heartbeat);
        } catch (IOException | UncheckedIOException e) {
            end();
        } finally {
            lock.unlock();
        }
    }

    /// Interrupts the owner, wherever it waits.
    void end() {
        owner.interrupt();
    }
}
