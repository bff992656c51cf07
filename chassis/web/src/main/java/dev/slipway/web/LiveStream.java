package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import dev.slipway.core.Time;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A stream to one client. Its owner writes and waits while the client is slow; heartbeats come from elsewhere. Once it
/// is closed there is no more of them, and no interrupt: the connection and its thread go on to the next request.
///
/// It ends early in one of two ways: it is stopped, and the client is told why at its end, or it is cut off.
final class LiveStream implements AutoCloseable {
    private final OutputStream out;
    private final byte[] heartbeat;
    private final Runnable check;
    private final boolean isWork;
    private final Time time;
    private final Thread owner = Thread.currentThread();
    private final ReentrantLock writing = new ReentrantLock();
    private long written;

    // Guarded by this, which is never held while something is written.
    private @Nullable Thread writer;
    private long lastWrite;
    private @Nullable Problem stopped;
    private boolean ended;
    private boolean closed;

    /// @param heartbeat what the client takes for nothing; none if it is empty
    /// @param check made at each beat, also while somebody writes or if there are no heartbeats; the stream ends if it throws
    /// @param isWork whether it comes to an end by itself, so that a stopping service waits for it
    LiveStream(OutputStream out, byte[] heartbeat, Runnable check, boolean isWork, Time time) {
        this.out = out;
        this.heartbeat = heartbeat.clone();
        this.check = check;
        this.isWork = isWork;
        this.time = time;
        this.lastWrite = time.nanoTime();
    }

    /// @throws InterruptedException if the client has gone, or the stream was stopped or cut off
    void write(byte[] frame) throws InterruptedException {
        writing.lockInterruptibly();
        try {
            if (!put(frame, false)) {
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

    boolean isWork() {
        return isWork;
    }

    /// How many bytes the client was sent, once this is closed.
    long written() {
        return written;
    }

    /// Whether there was a stream left to write to.
    private boolean put(byte[] frame, boolean isLast) throws IOException {
        if (!begin(isLast)) {
            return false;
        }
        try {
            out.write(frame);
            out.flush();
            written += frame.length;
            return true;
        } finally {
            rest(isLast);
        }
    }

    private synchronized boolean begin(boolean isLast) {
        if (ended || (stopped != null && !isLast)) {
            return false;
        }
        writer = Thread.currentThread();
        lastWrite = time.nanoTime();
        return true;
    }

    private synchronized void rest(boolean isLast) {
        writer = null;
        lastWrite = time.nanoTime();
        if (stopped != null && !isLast && Thread.currentThread().equals(owner)) {
            owner.interrupt();
        }
    }

    private synchronized long silence() {
        return time.nanoTime() - lastWrite;
    }

    /// @param interval a stream that was silent for so long gets a heartbeat; a write that takes twice as long is given up
    synchronized void beat(Duration interval) {
        if (!endIfStuck(interval.multipliedBy(2)) && !ended) {
            Thread.ofVirtual().name("stream heartbeat").start(() -> heartbeat(interval));
        }
    }

    /// Cuts it off if the client has taken nothing of a write for so long.
    synchronized boolean endIfStuck(Duration patience) {
        var isStuck = writer != null && silence() > patience.toNanos();
        if (isStuck) {
            end();
        }
        return isStuck;
    }

    void heartbeat(Duration interval) {
        try {
            check.run();
        } catch (ProblemException e) {
            stop(e.problem());
            return;
        } catch (RuntimeException e) {
            end();
            return;
        }
        if (heartbeat.length == 0 || silence() < interval.toNanos() / 2 || !writing.tryLock()) {
            return;
        }
        try {
            put(heartbeat, false);
        } catch (IOException | UncheckedIOException e) {
            end();
        } finally {
            writing.unlock();
        }
    }

    /// Ends it with a last word, which the owner says: interrupts it where it waits, but not while it writes, as that
    /// would end the connection. Nothing else is written any more.
    synchronized void stop(Problem why) {
        if (stopped == null && !ended) {
            stopped = why;
            if (!owner.equals(writer)) {
                owner.interrupt();
            }
        }
    }

    /// Called by the owner when it was interrupted; what it writes is the last.
    ///
    /// @return whether the stream was stopped, and not cut off
    boolean end(Function<Problem, byte[]> lastWord) throws IOException {
        Problem why;
        synchronized (this) {
            why = stopped;
            if (why == null || ended) {
                return false;
            }
            Thread.interrupted();
        }
        writing.lock();
        try {
            return put(lastWord.apply(why), true);
        } finally {
            writing.unlock();
        }
    }

    /// Cuts it off: interrupts the owner, wherever it waits, and whoever writes; nothing is written any more.
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
        if (ended || stopped != null) {
            Thread.interrupted();
        }
        ended = true;
        closed = true;
    }
}
