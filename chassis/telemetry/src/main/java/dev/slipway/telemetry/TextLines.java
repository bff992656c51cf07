package dev.slipway.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.slipway.core.CallContext;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.slf4j.event.KeyValuePair;

/// Lines for people at a terminal: time, level, where, what, details, request; then the stack trace, if there is one.
///
/// What the logger `access` says about a request is put together from its key-values `method`, `path`, `status` and
/// `ms`, those that it has, instead of its message. Details without a value are left out. What the logger `hint` says is
/// for a shell to take, and stands alone as it is.
final class TextLines implements LineFormat {
    private static final String ACCESS = "access";
    private static final Set<String> SHOWN_OF_ACCESS = Set.of("method", "path", "route", "status", "ms");
    private static final int LOGGER_WIDTH = 16;

    private static final String RESET = "\u001b[0m";
    private static final String FAINT = "\u001b[2m";
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String YELLOW = "\u001b[33m";
    private static final String CYAN = "\u001b[36m";

    private final Redaction redaction = new Redaction();
    private final DateTimeFormatter time;
    private final boolean colour;

    TextLines(ZoneId zone, boolean colour) {
        this.time = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(zone);
        this.colour = colour;
    }

    @Override
    public String line(ILoggingEvent event) {
        if (event.getLoggerName().equals(HINT)) {
            var hint = new StringBuilder("\nTry: ");
            Escape.controls(hint, event.getFormattedMessage());
            return hint.append("\n\n").toString();
        }
        var line = new StringBuilder(256);
        painted(line, FAINT, time.format(Instant.ofEpochMilli(event.getTimeStamp())))
                .append(' ');
        painted(line, colourOf(event.getLevel()), padded(event.getLevel().toString(), 5))
                .append(' ');
        var pairs = event.getKeyValuePairs();
        if (event.getLoggerName().equals(ACCESS) && pairs != null) {
            appendRequest(line, pairs);
        } else {
            painted(line, CYAN, padded(shortName(event.getLoggerName()), LOGGER_WIDTH))
                    .append(' ');
            Escape.controls(line, redaction.redact(String.valueOf(event.getFormattedMessage())));
            appendDetails(line, pairs == null ? List.of() : pairs, Set.of());
        }
        if (CallContext.CURRENT.isBound()) {
            appendCall(line, CallContext.CURRENT.get());
        }
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            painted(line, FAINT, StackTrace.of(event.getThrowableProxy(), redaction));
        }
        return line.toString();
    }

    private void appendRequest(StringBuilder line, List<KeyValuePair> pairs) {
        var path = value(pairs, "path");
        Escape.controls(line, value(pairs, "method"));
        var address = path.isEmpty() ? value(pairs, "route") : path;
        if (!address.isEmpty()) {
            Escape.controls(line.append(' '), redaction.redact(address));
        }
        var status = value(pairs, "status");
        if (!status.isEmpty()) {
            painted(line.append(' '), colourOf(status), status);
        }
        var millis = value(pairs, "ms");
        if (!millis.isEmpty()) {
            line.append(' ').append(millis).append(" ms");
        }
        appendDetails(line, pairs, SHOWN_OF_ACCESS);
    }

    private void appendDetails(StringBuilder line, List<KeyValuePair> pairs, Set<String> shown) {
        for (var pair : pairs) {
            var value = String.valueOf(pair.value);
            if (shown.contains(pair.key) || value.isEmpty()) {
                continue;
            }
            var key = new StringBuilder(" ");
            Escape.controls(key, pair.key);
            painted(line, FAINT, key.append('=').toString());
            Escape.controls(line, redaction.isSensitive(pair.key) ? Redaction.HIDDEN : redaction.redact(value));
        }
    }

    private void appendCall(StringBuilder line, CallContext call) {
        var request = new StringBuilder("  ");
        Escape.controls(request, call.service());
        Escape.controls(request.append(" req="), call.requestId());
        if (!call.correlationId().equals(call.requestId())) {
            Escape.controls(request.append(" corr="), call.correlationId());
        }
        call.causationId().ifPresent(cause -> Escape.controls(request.append(" cause="), cause));
        painted(line, FAINT, request.toString());
    }

    private static String value(List<KeyValuePair> pairs, String key) {
        return pairs.stream()
                .filter(pair -> pair.key.equals(key))
                .map(pair -> pair.value instanceof Double number
                        ? String.format(Locale.ROOT, "%.1f", number)
                        : String.valueOf(pair.value))
                .findFirst()
                .orElse("");
    }

    private static String shortName(String logger) {
        return logger.substring(Math.max(logger.lastIndexOf('.'), logger.lastIndexOf('$')) + 1);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private StringBuilder painted(StringBuilder line, String paint, String text) {
        return colour ? line.append(paint).append(text).append(RESET) : line.append(text);
    }

    private static String colourOf(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> RED;
            case Level.WARN_INT -> YELLOW;
            case Level.INFO_INT -> GREEN;
            default -> FAINT;
        };
    }

    private static String colourOf(String status) {
        return switch (status.isEmpty() ? ' ' : status.charAt(0)) {
            case '5' -> RED;
            case '4' -> YELLOW;
            default -> GREEN;
        };
    }
}
