package dev.slipway.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.slipway.core.CallContext;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;

/// What is logged by Logback while this is open. Thread-safe.
public final class CapturedLog implements AutoCloseable {
    private static final java.util.logging.Logger LIBRARIES = java.util.logging.Logger.getLogger("");

    private final Logger logger;
    private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            requests.add(
                    CallContext.CURRENT.isBound() ? CallContext.CURRENT.get().requestId() : "none");
            events.add(event);
        }
    };

    private final Handler libraries = new Handler() {
        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue()) {
                var source = (Logger) LoggerFactory.getLogger(String.valueOf(line.getLoggerName()));
                events.add(new LoggingEvent("", source, Level.WARN, line.getMessage(), line.getThrown(), null));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private CapturedLog(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        appender.start();
        logger.addAppender(appender);
    }

    /// What one class logs.
    public static CapturedLog of(Class<?> type) {
        return of(type.getName());
    }

    /// What is logged by this name and the names below it.
    public static CapturedLog of(String name) {
        return new CapturedLog(name);
    }

    /// What everybody logs, and the warnings of libraries that log by `java.util.logging`.
    public static CapturedLog ofAll() {
        var log = of(org.slf4j.Logger.ROOT_LOGGER_NAME);
        LIBRARIES.addHandler(log.libraries);
        return log;
    }

    public List<ILoggingEvent> events() {
        return List.copyOf(events);
    }

    public List<ILoggingEvent> events(String name) {
        return events.stream()
                .filter(event -> event.getLoggerName().equals(name))
                .toList();
    }

    /// For which request each was logged by Logback: its id, or `none`.
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /// Each as its level and message.
    public List<String> lines() {
        return events.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    public List<String> messages(Level level) {
        return events.stream()
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        LIBRARIES.removeHandler(libraries);
        logger.detachAppender(appender);
        appender.stop();
    }
}
