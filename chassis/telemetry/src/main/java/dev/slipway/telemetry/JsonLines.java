package dev.slipway.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import dev.slipway.core.CallContext;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/// One JSON object per line, for machines.
///
/// Fields: `time` (UTC), `level`, `logger`, `thread`, `message`; of the call that is served `service`, `operation`,
/// `requestId`, `correlationId`, `causationId`, `traceId`, `spanId` and `tenant`; the key-values of SLF4J's fluent API, numbers and truth values as
/// such; `error` with `type`, `message` and `stack`. A key-value with the name of another field gets `_` at its end.
final class JsonLines implements LineFormat {
    private static final int MOST_REMEMBERED_KEYS = 1000;

    private static final Set<String> OWN_FIELDS = Set.of(
            "time",
            "level",
            "logger",
            "thread",
            "message",
            "service",
            "operation",
            "requestId",
            "correlationId",
            "causationId",
            "traceId",
            "spanId",
            "tenant",
            "error");

    /// The text of a second up to its fraction, which changes once for thousands of lines.
    private record Second(long epochSecond, String text) {}

    /// What is written of a key-value before its value, and whether the value must not be.
    private record Field(String start, boolean sensitive) {}

    private final Redaction redaction = new Redaction();
    private final Map<String, Field> fields = new ConcurrentHashMap<>();
    private volatile Second second = secondOf(0);

    @Override
    public String line(ILoggingEvent event) {
        var line = new StringBuilder(512).append("{\"time\":\"");
        appendTime(line, event.getTimeStamp());
        line.append("\",\"level\":\"").append(event.getLevel()).append('"');
        append(line, "logger", event.getLoggerName());
        appendThread(line);
        var message = String.valueOf(event.getFormattedMessage());
        append(line, "message", event.getLoggerName().equals(HINT) ? message : redaction.redact(message));
        if (CallContext.CURRENT.isBound()) {
            appendCall(line, CallContext.CURRENT.get());
        }
        appendKeyValues(line, event.getKeyValuePairs());
        if (event.getThrowableProxy() != null) {
            appendError(line, event.getThrowableProxy());
        }
        return line.append("}\n").toString();
    }

    /// Of this thread, on which the event is logged: a virtual thread has no name, and the event would make one up.
    private static void appendThread(StringBuilder line) {
        var name = Thread.currentThread().getName();
        if (!name.isEmpty()) {
            append(line, "thread", name);
        }
    }

    private void appendTime(StringBuilder line, long millis) {
        var current = second;
        var epochSecond = Math.floorDiv(millis, 1000L);
        if (current.epochSecond() != epochSecond) {
            current = secondOf(epochSecond);
            second = current;
        }
        var fraction = Math.floorMod(millis, 1000);
        line.append(current.text())
                .append((char) ('0' + fraction / 100))
                .append((char) ('0' + fraction / 10 % 10))
                .append((char) ('0' + fraction % 10))
                .append('Z');
    }

    private static Second secondOf(long epochSecond) {
        return new Second(
                epochSecond, Instant.ofEpochSecond(epochSecond).toString().replace('Z', '.'));
    }

    private static void appendCall(StringBuilder line, CallContext call) {
        append(line, "service", call.service());
        append(line, "operation", call.operation());
        append(line, "requestId", call.requestId());
        append(line, "correlationId", call.correlationId());
        call.causationId().ifPresent(cause -> append(line, "causationId", cause));
        append(line, "traceId", call.trace().traceId());
        append(line, "spanId", call.trace().spanId());
        call.tenant().ifPresent(tenant -> append(line, "tenant", tenant));
    }

    private void appendKeyValues(StringBuilder line, @Nullable List<KeyValuePair> pairs) {
        if (pairs == null) {
            return;
        }
        for (var pair : pairs) {
            var field = field(pair.key);
            appendValue(line.append(field.start()), field.sensitive(), pair.value);
        }
    }

    /// Keys are constants, and few; those beyond a number are made each time.
    private Field field(String key) {
        var known = fields.get(key);
        if (known != null) {
            return known;
        }
        var start = new StringBuilder(",");
        Escape.json(start, OWN_FIELDS.contains(key) ? key + "_" : key);
        var field = new Field(start.append(':').toString(), redaction.isSensitive(key));
        if (fields.size() < MOST_REMEMBERED_KEYS) {
            fields.put(key, field);
        }
        return field;
    }

    private void appendValue(StringBuilder line, boolean sensitive, @Nullable Object value) {
        switch (value) {
            case null -> line.append("null");
            case Integer number -> line.append(number.intValue());
            case Long number -> line.append(number.longValue());
            case Double number when Double.isFinite(number) -> line.append(number.doubleValue());
            case Boolean truth -> line.append(truth.booleanValue());
            case Short _, Byte _, BigInteger _, BigDecimal _ -> line.append(value);
            case Float number when Float.isFinite(number) -> line.append(number.floatValue());
            default -> Escape.json(line, sensitive ? Redaction.HIDDEN : redaction.redact(value.toString()));
        }
    }

    private void appendError(StringBuilder line, IThrowableProxy thrown) {
        line.append(",\"error\":{\"type\":");
        Escape.json(line, thrown.getClassName());
        if (thrown.getMessage() != null) {
            append(line, "message", redaction.redact(thrown.getMessage()));
        }
        append(line, "stack", StackTrace.of(thrown, redaction));
        line.append('}');
    }

    private static void append(StringBuilder line, String field, String value) {
        Escape.json(line.append(",\"").append(field).append("\":"), value);
    }
}
