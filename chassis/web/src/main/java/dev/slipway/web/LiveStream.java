package dev.slipway.web;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A stream to one client. Its owner writes and waits while the client is slow; heartbeats come from elsewhere. Once it
/// is closed there is no more of them, and no interrupt: the connection and its thread go on to the next request.
final class LiveStream implements AutoCloseable {
    private final OutputStream out;
    private final byte[] heartbeat;
    private final Runnable check;
    private final Thread owner = Thread.currentThread();
    private final ReentrantLock writing = new ReentrantLock();
    private long written;

    // Guarded by this, which is never held while something is written.
    private @Nullable Thread writer;
    private long lastWrite = System.nanoTime();
    private boolean ended;
    private boolean closed;

    /// @param heartbeat what the client takes for nothing; none if it is empty
    /// @param check made at each beat, also while somebody writes or if there are no heartbeats; the stream ends if it throws
    LiveStream(OutputStream out, byte[] heartbeat, Runnable check) {
        this.out = out;
        this.heartbeat = heartbeat.clone();
        this.check = check;
    }

    /// @throws InterruptedException if the client has gone, or the stream was ended
    void write(byte[] frame) throws InterruptedException {
        writing.lockInterruptibly();
        try {
            if (!put(frame)) {
                throw new InterruptedException("the stream was ended");
            }
        } catch (IOException | UncheckedIOException e) {
            var gone = new InterruptedException("the client has gone");
            gone.initCause(e);
            throw gone;
        } finally {
            writing.unlock();
        }
    }

    /// How many bytes the client was sent, once this is closed.
    long written() {
        return written;
    }

    /// Whether there was a stream left to write to.
    private boolean put(byte[] frame) throws IOException {
        if (!begin()) {
            return false;
        }
        try {
            out.write(frame);
            out.flush();
            written += frame.length;
            return true;
        } finally {
            rest();
        }
    }

    private synchronized boolean begin() {
        if (ended) {
            return false;
        }
        writer = Thread.currentThread();
        lastWrite = System.nanoTime();
        return true;
    }

    private synchronized void rest() {
        writer = null;
        lastWrite = System.nanoTime();
    }

    private synchronized long silence() {
        return System.nanoTime() - lastWrite;
    }

    /// @param interval a stream that was silent for so long gets a heartbeat; a write that takes twice as long is given up
    synchronized void beat(Duration interval) {
        if (writer != null && silence() > 2 * interval.toNanos()) {
            end();
        } else if (!ended) {
            Thread.ofVirtual().name("stream heartbeat").start(() -> heartbeat(interval));
        }
    }

    void heartbeat(Duration interval) {
        try {
            check.run();
        } catch (RuntimeException e) {
            end();
            return;
        }
        if (heartbeat.length == 0 || silence() < interval.toNanos() / 2 || !writing.tryLock()) {
            return;
        }
        try {
            put(heartbeat);
        } catch (IOException | UncheckedIOException e) {
            end();
        } finally {
            writing.unlock();
        }
    }

    /// Interrupts the owner, wherever it waits, and whoever writes; nothing is written any more.
    synchronized void end() {
        if (closed) {
            return;
        }
        ended = true;
        owner.interrupt();
        if (writer != null) {
            writer.interrupt();
        }
    }

    /// Called by the owner; waits for a heartbeat that is being written. An interrupt that was meant for the stream goes
    /// with it.
    @Override
    public void close() {
        writing.lock();
        try {
            leave();
        } finally {
            writing.unlock();
        }
    }

    private synchronized void leave() {
        if (ended) {
            Thread.interrupted();
        }
        ended = true;
        closed = true;
    }
}
