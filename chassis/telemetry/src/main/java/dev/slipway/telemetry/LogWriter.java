package dev.slipway.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;

/// Writes lines in batches from a thread of its own, so that who logs does not wait for the output.
///
/// The buffer is bounded. If the output is too slow and the buffer full, lines below `WARN` are dropped and counted;
/// others wait a little before that. After [#finish] lines are written at once, so that the end of a process is logged
/// to its last line. See docs/adr/0007-logs.md.
final class LogWriter extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final String NAME = "standard output";
    private static final int CAPACITY = 1024 * 1024;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final LineFormat format;
    private final OutputStream out;
    private final Map<Level, LongAdder> lines = Stream.of(Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG, Level.TRACE)
            .collect(Collectors.toUnmodifiableMap(Function.identity(), level -> new LongAdder()));
    private final LongAdder dropped = new LongAdder();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Thread thread = Thread.ofPlatform().name("log").daemon().unstarted(this::writeBatches);
    private byte[] filling = new byte[CAPACITY];
    private byte[] writing = new byte[CAPACITY];
    private int length;
    private boolean idle;
    private boolean finishing;
    private boolean atOnce;

    LogWriter(LineFormat format, OutputStream out) {
        this.format = format;
        this.out = out;
        setName(NAME);
    }

    /// The writer of a process' log, unless it was set up in another way.
    static Optional<LogWriter> of(LoggerContext context) {
        return context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(NAME) instanceof LogWriter writer
                ? Optional.of(writer)
                : Optional.empty();
    }

    long lines(Level level) {
        return Objects.requireNonNull(lines.get(level)).sum();
    }

    long dropped() {
        return dropped.sum();
    }

    @Override
    public void start() {
        super.start();
        thread.start();
    }

    @Override
    public void stop() {
        finish();
        super.stop();
    }

    /// Writes what is waiting, and each further line at once. Returns when that is done, or after a second.
    void finish() {
        lock.lock();
        try {
            finishing = true;
            wanted.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        var line = format.line(event).getBytes(StandardCharsets.UTF_8);
        Objects.requireNonNull(lines.get(event.getLevel())).increment();
        lock.lock();
        try {
            if (atOnce) {
                write(line, line.length);
            } else if (hasRoom(line.length, event.getLevel().isGreaterOrEqual(Level.WARN))) {
                System.arraycopy(line, 0, filling, length, line.length);
                length += line.length;
                wakeWriter();
            } else {
                dropped.increment();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Wakes the writer if it sleeps, or if it lingers and the buffer fills up; waking costs more than the line.
    private void wakeWriter() {
        if (idle || length > CAPACITY / 2) {
            idle = false;
            wanted.signal();
        }
    }

    private boolean hasRoom(int bytes, boolean important) {
        var patience = important ? PATIENCE_NANOS : 0;
        try {
            while (length + bytes > CAPACITY && patience > 0) {
                patience = room.awaitNanos(patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return length + bytes <= CAPACITY;
    }

    private void writeBatches() {
        for (var batch = nextBatch(); batch > 0; batch = nextBatch()) {
            write(writing, batch);
        }
    }

    /// Waits for lines, and then a moment for more of them; 0 is the end.
    private int nextBatch() {
        lock.lock();
        try {
            awaitLines();
            var batch = length;
            var full = filling;
            filling = writing;
            writing = full;
            length = 0;
            atOnce = batch == 0;
            room.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void awaitLines() {
        try {
            while (length == 0 && !finishing) {
                idle = true;
                wanted.await();
            }
            idle = false;
            var patience = BATCH_NANOS;
            while (length <= CAPACITY / 2 && !finishing && patience > 0) {
                patience = wanted.awaitNanos(patience);
            }
        } catch (InterruptedException e) {
            finishing = true;
        }
    }

    /// There is nobody to tell if standard output is gone, and it is no reason to stop a service.
    private void write(byte[] bytes, int count) {
        try {
            out.write(bytes, 0, count);
            out.flush();
        } catch (IOException e) {
            dropped.increment();
        }
    }
}
